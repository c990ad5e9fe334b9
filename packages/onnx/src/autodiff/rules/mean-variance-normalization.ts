import { positiveAxis } from '../axes.ts';
import { normalizedAdjoint } from '../normalized.ts';
import type { Rule } from '../rule.ts';

/** Y = (X − mean) / deviation over `axes`, by default over all but the channels. */
export const meanVarianceNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const rank = context.shape(context.inputs[0]!).length;
    const axes = (context.ints('axes') ?? [0, 2, 3]).map((axis) => positiveAxis(axis, rank));
    // ONNX defines it by its decomposition: ε is added to the deviation, not to the variance, and is below float32 here.
    return [normalizedAdjoint(context.emit, context.x(), context.dY, axes, 1e-12)];
  },
};
