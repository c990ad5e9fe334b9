import { add, multiply, where } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = γX for X > 0, else γα(eˣ − 1): there dX = dY · (Y + γα). */
export const selu: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const alpha = context.float('alpha', 1.6732632423543772);
    const gamma = context.float('gamma', 1.0507009873554805);
    const positive = emit.op('Greater', [context.x(), 0]);
    const slope = add(emit, context.y(), gamma * alpha);
    return [where(emit, positive, multiply(emit, dY, gamma), multiply(emit, dY, slope))];
  },
};
