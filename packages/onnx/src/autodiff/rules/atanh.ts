import { divide, multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = artanh X: dX = dY / (1 − X²). */
export const atanh: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [divide(emit, dY, subtract(emit, 1, multiply(emit, context.x(), context.x())))];
  },
};
