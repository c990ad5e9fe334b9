import { multiply, negate } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = cos X: dX = −dY · sin X. */
export const cos: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [negate(emit, multiply(emit, dY, emit.op('Sin', [context.x()])))];
  },
};
