import type { Rule } from '../rule.ts';

/** Y = X: dX = dY. */
export const identity: Rule = { differentiable: [0], vjp: ({ dY }) => [dY] };
