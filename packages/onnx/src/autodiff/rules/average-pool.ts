import { product } from '../axes.ts';
import { multiply, reshape } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { covered, scatterAttributes, type Window, windowOf } from '../window.ts';

/**
 * Y = mean over a window: dY, divided by each window's number of cells, is scattered back by a ConvTranspose with a kernel
 * of ones, every channel as an image of its own.
 */
export const averagePool: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const window = windowOf(context, context.ints('kernel_shape') ?? []);
    const size = product(window.kernel);
    const counts = cellCounts(context, window);
    const uniform = counts.every((count) => count === counts[0]);
    const share = uniform
      ? context.dY
      : multiply(
          emit,
          context.dY,
          emit.floats(
            counts.map((count) => 1 / count),
            [1, 1, ...window.output],
          ),
        );
    const weight = uniform ? 1 / counts[0]! : 1;
    const kernel = emit.floats(new Array<number>(size).fill(weight), [1, 1, ...window.kernel]);
    const planes = reshape(emit, share, [-1, 1, ...window.output]);
    return [
      context.reshapeLike(
        emit.op('ConvTranspose', [planes, kernel], scatterAttributes(window)),
        context.inputs[0]!,
      ),
    ];
  },
};

/** Divisor of each output cell: cells inside the image, or inside its padding with `count_include_pad`. */
function cellCounts(context: RuleContext, window: Window): number[] {
  const withPadding = context.int('count_include_pad', 0) !== 0;
  const perAxis = window.kernel.map((size, axis) => {
    const inside = covered(window, axis).map((cells) => cells.length);
    if (!withPadding) return inside;
    const end = window.input[axis]! + window.padAfter[axis]!;
    return inside.map((_, out) => {
      const start = out * window.strides[axis]! - window.padBefore[axis]!;
      let count = 0;
      for (let k = 0; k < size; k++) if (start + k * window.dilations[axis]! < end) count++;
      return count;
    });
  });
  return perAxis.reduce<number[]>((all, counts) => all.flatMap((a) => counts.map((b) => a * b)), [1]);
}
