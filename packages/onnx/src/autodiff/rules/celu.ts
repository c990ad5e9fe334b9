import { add, multiply, where } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X for X > 0, else α(e^{X/α} − 1): there dX = dY · (Y/α + 1). */
export const celu: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const positive = emit.op('Greater', [context.x(), 0]);
    const slope = add(emit, multiply(emit, context.y(), 1 / context.float('alpha', 1)), 1);
    return [where(emit, positive, dY, multiply(emit, dY, slope))];
  },
};
