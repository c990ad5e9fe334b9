import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = |X|: dX = dY · sign X. */
export const abs: Rule = {
  differentiable: [0],
  vjp: (context) => [multiply(context.emit, context.dY, context.emit.op('Sign', [context.x()]))],
};
