import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';
import { spreadSum } from '../spread.ts';

/** Y = Σ over axes: each cell gets dY. */
export const reduceSum: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const axes = reducedAxes(context);
    return [spreadSum(context, withReducedAxes(context, context.dY, axes), context.inputs[0]!, axes)];
  },
};
