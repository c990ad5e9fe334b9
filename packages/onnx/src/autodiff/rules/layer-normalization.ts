import { axesFrom, positiveAxis } from '../axes.ts';
import { multiply } from '../emit-math.ts';
import { normalizedAdjoint } from '../normalized.ts';
import type { Rule } from '../rule.ts';

/** Y = scale · X̂ + bias, X normalised over the axes from `axis` on. */
export const layerNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const rank = context.shape(context.inputs[0]!).length;
    const axes = axesFrom(positiveAxis(context.int('axis', -1), rank), rank);
    const cotangent = multiply(context.emit, context.dY, context.x(1));
    return [normalizedAdjoint(context.emit, context.x(), cotangent, axes, context.float('epsilon', 1e-5))];
  },
};
