import { multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = tanh X: dX = dY · (1 − Y²). */
export const tanh: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [multiply(emit, dY, subtract(emit, 1, multiply(emit, context.y(), context.y())))];
  },
};
