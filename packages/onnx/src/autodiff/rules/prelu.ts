import { multiply, where } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X for X > 0, else slope · X, with one slope per channel or element. */
export const prelu: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const positive = emit.op('Greater', [context.x(), 0]);
    return [where(emit, positive, dY, multiply(emit, dY, context.x(1)))];
  },
};
