import { add, divide, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = arctan X: dX = dY / (1 + X²). */
export const atan: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [divide(emit, dY, add(emit, multiply(emit, context.x(), context.x()), 1))];
  },
};
