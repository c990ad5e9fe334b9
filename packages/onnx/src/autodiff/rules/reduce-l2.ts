import { divide, multiply, where } from '../emit-math.ts';
import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';

/** Y = √Σ X²: dX = dY · X / Y, and 0 where Y is 0, as PyTorch's norm. */
export const reduceL2: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const axes = reducedAxes(context);
    const y = withReducedAxes(context, context.y(), axes);
    const safe = where(emit, emit.op('Greater', [y, 0]), y, 1);
    return [multiply(emit, context.x(), divide(emit, withReducedAxes(context, context.dY, axes), safe))];
  },
};
