import { multiply, where } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X for X ≥ 0, else slope · X. The mask comes from X: a negative slope would fold Y's sign. */
export const leakyRelu: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const positive = emit.op('Greater', [context.x(), 0]);
    return [where(emit, positive, dY, multiply(emit, dY, context.float('alpha', 0.01)))];
  },
};
