import { add, divide, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = arsinh X: dX = dY / √(X² + 1). */
export const asinh: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [divide(emit, dY, emit.op('Sqrt', [add(emit, multiply(emit, context.x(), context.x()), 1)]))];
  },
};
