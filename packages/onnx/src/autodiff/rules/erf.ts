import { multiply, negate } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = erf X: dX = dY · 2/√π · exp(−X²). */
export const erf: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const x = context.x();
    const density = emit.op('Exp', [negate(emit, multiply(emit, x, x))]);
    return [multiply(emit, dY, multiply(emit, density, 2 / Math.sqrt(Math.PI)))];
  },
};
