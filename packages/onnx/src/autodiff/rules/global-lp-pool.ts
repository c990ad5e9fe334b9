import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { lpShare, lpSlope } from './lp-pool.ts';

/** Y = (Σ |X|ᵖ)^{1/p} over all cells: dX = sign X · |X|^{p−1} · dY / Y^{p−1}. */
export const globalLpPool: Rule = {
  differentiable: [0],
  vjp: (context) => [multiply(context.emit, lpSlope(context), lpShare(context))],
};
