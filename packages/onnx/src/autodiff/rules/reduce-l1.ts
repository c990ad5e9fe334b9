import { multiply } from '../emit-math.ts';
import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';

/** Y = Σ |X|: dX = dY · sign X. */
export const reduceL1: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const dY = withReducedAxes(context, context.dY, reducedAxes(context));
    return [multiply(emit, emit.op('Sign', [context.x()]), dY)];
  },
};
