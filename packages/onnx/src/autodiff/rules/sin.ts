import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = sin X: dX = dY · cos X. */
export const sin: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [multiply(emit, dY, emit.op('Cos', [context.x()]))];
  },
};
