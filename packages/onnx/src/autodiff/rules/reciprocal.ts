import { multiply, negate } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = 1 / X: dX = −dY · Y². */
export const reciprocal: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [negate(emit, multiply(emit, dY, context.y(), context.y()))];
  },
};
