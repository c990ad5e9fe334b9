import { axesFrom, positiveAxis } from '../axes.ts';
import { add, divide, multiply, reduceMean, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = scale · X/r, r = √(mean(X²) + ε) over the axes from `axis` on: dX = (g − X̂ · mean(g · X̂))/r with g = dY · scale. */
export const rmsNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const x = context.x();
    const input = context.inputs[0]!;
    const rank = context.shape(input).length;
    const axes = axesFrom(positiveAxis(context.int('axis', -1), rank), rank);
    const power = add(emit, reduceMean(emit, multiply(emit, x, x), axes), context.float('epsilon', 1e-5));
    const root = emit.op('Sqrt', [power]);
    const normalized = divide(emit, x, root);
    const g = multiply(emit, context.dY, context.x(1));
    const along = multiply(emit, normalized, reduceMean(emit, multiply(emit, g, normalized), axes));
    return [
      unbroadcast(
        context,
        divide(emit, subtract(emit, g, along), root),
        context.shape(context.outputs[0]!),
        input,
      ),
    ];
  },
};
