import { axesFrom } from '../axes.ts';
import { multiply, reshape } from '../emit-math.ts';
import { normalizedAdjoint } from '../normalized.ts';
import type { Rule } from '../rule.ts';

/** Y = scale · X̂ + bias, each channel of each image normalised over its cells. */
export const instanceNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const rank = context.shape(context.inputs[0]!).length;
    const scale = reshape(emit, context.x(1), [-1, ...new Array<number>(rank - 2).fill(1)]);
    const cotangent = multiply(emit, context.dY, scale);
    return [
      normalizedAdjoint(emit, context.x(), cotangent, axesFrom(2, rank), context.float('epsilon', 1e-5)),
    ];
  },
};
