import { add, multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X · t with t = tanh(softplus X): dX = dY · (t + X (1 − t²) σ(X)). */
export const mish: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const x = context.x();
    const t = emit.op('Tanh', [emit.op('Softplus', [x])]);
    const slope = multiply(emit, x, subtract(emit, 1, multiply(emit, t, t)), emit.op('Sigmoid', [x]));
    return [multiply(emit, dY, add(emit, t, slope))];
  },
};
