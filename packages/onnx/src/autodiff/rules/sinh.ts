import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = sinh X: dX = dY · cosh X. */
export const sinh: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [multiply(emit, dY, emit.op('Cosh', [context.x()]))];
  },
};
