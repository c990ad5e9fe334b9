import { multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = 1 / (1 + e⁻ˣ): dX = dY · Y(1 − Y). SiLU is exported as Sigmoid and Mul and comes with it. */
export const sigmoid: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [multiply(emit, dY, multiply(emit, context.y(), subtract(emit, 1, context.y())))];
  },
};
