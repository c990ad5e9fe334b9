import type { Rule } from '../rule.ts';

/** Between float types the identity: the backward model computes in float32 throughout. A cast to integers ends a path. */
export const cast: Rule = { differentiable: [0], vjp: ({ dY }) => [dY] };
