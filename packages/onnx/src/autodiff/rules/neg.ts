import { negate } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = −X: dX = −dY. */
export const neg: Rule = { differentiable: [0], vjp: (context) => [negate(context.emit, context.dY)] };
