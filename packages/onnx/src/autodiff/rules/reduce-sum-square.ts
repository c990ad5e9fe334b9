import { multiply } from '../emit-math.ts';
import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';

/** Y = Σ X²: dX = dY · 2X. */
export const reduceSumSquare: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const dY = withReducedAxes(context, context.dY, reducedAxes(context));
    return [multiply(emit, context.x(), multiply(emit, dY, 2))];
  },
};
