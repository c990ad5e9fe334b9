import { add, multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X · s with s = σ(αX): dX = dY · (s + αX s(1 − s)). */
export const swish: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const scaled = multiply(emit, context.x(), context.float('alpha', 1));
    const s = emit.op('Sigmoid', [scaled]);
    return [multiply(emit, dY, add(emit, s, multiply(emit, scaled, s, subtract(emit, 1, s))))];
  },
};
