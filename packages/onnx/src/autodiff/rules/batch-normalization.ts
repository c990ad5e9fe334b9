import { add, divide, multiply, reshape } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = scale · (X − mean)/√(var + ε) + bias with stored statistics: dX = dY · scale/√(var + ε) per channel. */
export const batchNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    if (context.int('training_mode', 0) !== 0 || context.outputs.slice(1).some((name) => name !== '')) {
      context.refuse('it is in training mode');
    }
    if (context.opset < 9 && context.int('spatial', 1) !== 1) context.refuse('its attribute spatial is 0');
    const variance = add(emit, context.x(4), context.float('epsilon', 1e-5));
    const factor = divide(emit, context.x(1), emit.op('Sqrt', [variance]));
    const rank = context.shape(context.inputs[0]!).length;
    const perChannel =
      rank < 2 ? factor : reshape(emit, factor, [-1, ...new Array<number>(rank - 2).fill(1)]);
    return [multiply(emit, dY, perChannel)];
  },
};
