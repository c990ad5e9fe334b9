import { divide, multiply, negate, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = arccos X: dX = −dY / √(1 − X²). */
export const acos: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [
      negate(
        emit,
        divide(emit, dY, emit.op('Sqrt', [subtract(emit, 1, multiply(emit, context.x(), context.x()))])),
      ),
    ];
  },
};
