import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = A + B (Sum: of any number): each operand gets dY, summed over its broadcast axes. */
export const add: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const shape = context.shape(context.outputs[0]!);
    return context.inputs.map((operand, i) =>
      context.active[i] ? unbroadcast(context, context.dY, shape, operand) : undefined,
    );
  },
};
