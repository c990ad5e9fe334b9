import { isFloatType } from '../../proto/data-type.ts';
import type { Rule } from '../rule.ts';

/** Cast to the type of another tensor: the identity between float types; others are refused, as their type may be unknown. */
export const castLike: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const type = context.dataType(context.inputs[1]!);
    if (type === undefined || !isFloatType(type)) context.refuse(`it casts to ${type ?? 'an unknown type'}`);
    return [context.dY];
  },
};
