import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';
import { spreadMean } from '../spread.ts';

/** Y = mean over axes: each cell gets dY / cells. */
export const reduceMean: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const axes = reducedAxes(context);
    return [spreadMean(context, withReducedAxes(context, context.dY, axes), context.inputs[0]!, axes)];
  },
};
