import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = cosh X: dX = dY · sinh X. */
export const cosh: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [multiply(emit, dY, emit.op('Sinh', [context.x()]))];
  },
};
