import { multiply, subtract } from '../emit-math.ts';
import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';

/** Y = ln Σ eˣ: dX = dY · e^{X − Y}. */
export const reduceLogSumExp: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const axes = reducedAxes(context);
    const y = withReducedAxes(context, context.y(), axes);
    const weight = emit.op('Exp', [subtract(emit, context.x(), y)]);
    return [multiply(emit, weight, withReducedAxes(context, context.dY, axes))];
  },
};
