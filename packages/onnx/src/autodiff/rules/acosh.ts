import { divide, multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = arcosh X: dX = dY / √(X² − 1). */
export const acosh: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [divide(emit, dY, emit.op('Sqrt', [subtract(emit, multiply(emit, context.x(), context.x()), 1)]))];
  },
};
