import { divide, multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = arcsin X: dX = dY / √(1 − X²). */
export const asin: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [divide(emit, dY, emit.op('Sqrt', [subtract(emit, 1, multiply(emit, context.x(), context.x()))]))];
  },
};
