import { matrixAlongAxis, shaped } from '../along-axis.ts';
import { add, divide, multiply, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/**
 * Y = X / D^β with D = bias + α/size · Σ X² over a window of neighbouring channels:
 * dX = dY / D^β − 2αβ/size · X · Σ′(dY · X / D^{β+1}), Σ′ over the channels in whose window X lies.
 */
export const localResponseNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const input = context.inputs[0]!;
    const channels = context.shape(input)[1]!;
    const size = context.int('size', 1);
    const [alpha, beta] = [context.float('alpha', 0.0001), context.float('beta', 0.75)];
    const window = new Float32Array(channels * channels);
    const windowOfOthers = new Float32Array(channels * channels);
    for (let c = 0; c < channels; c++) {
      const first = Math.max(0, c - Math.floor((size - 1) / 2));
      const last = Math.min(channels - 1, c + Math.ceil((size - 1) / 2));
      for (let other = first; other <= last; other++) {
        window[c * channels + other] = 1;
        windowOfOthers[other * channels + c] = 1;
      }
    }
    const summed = (value: string, data: Float32Array): string =>
      matrixAlongAxis(context, shaped(context, value, input), 1, { rows: channels, data }).value;
    const x = context.x();
    const power = summed(multiply(emit, x, x), window);
    const d = add(emit, multiply(emit, power, alpha / size), context.float('bias', 1));
    const direct = divide(emit, dY, emit.op('Pow', [d, beta]));
    const through = summed(divide(emit, multiply(emit, direct, x), d), windowOfOthers);
    return [subtract(emit, direct, multiply(emit, x, through, (2 * alpha * beta) / size))];
  },
};
