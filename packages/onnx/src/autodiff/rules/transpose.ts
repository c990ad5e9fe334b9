import { transpose as permute } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Axes permuted: dX has them permuted back. Without `perm` the axes are reversed. */
export const transpose: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const rank = context.shape(context.inputs[0]!).length;
    const perm = context.ints('perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
    const inverse = new Array<number>(rank).fill(0);
    perm.forEach((from, to) => {
      inverse[from] = to;
    });
    return [permute(context.emit, context.dY, inverse)];
  },
};
