import { product } from '../axes.ts';
import { mask, multiply, reshape } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { covered, scatterAttributes, span, type Window, windowOf } from '../window.ts';

/**
 * Y = max over a window: dY goes to the first cell that equals Y, as in PyTorch. MaxUnpool is no adjoint where windows
 * overlap: it overwrites instead of adding.
 *
 * `compare` unfolds X by a convolution with one-hot kernels, finds the first cell equal to Y and scatters back by
 * ConvTranspose: float operators that every execution provider has. `indices` pools again for the positions and adds them up
 * with ScatterElements: CPU only.
 */
export const maxPool: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const window = windowOf(context, context.ints('kernel_shape') ?? []);
    return [
      context.options.maxPool === 'indices' ? byIndices(context, window) : byComparison(context, window),
    ];
  },
};

function byComparison(context: RuleContext, window: Window): string {
  const { emit } = context;
  const { kernel, input, output } = window;
  const size = product(kernel);
  const identity = new Float32Array(size * size);
  for (let i = 0; i < size; i++) identity[i * size + i] = 1;
  const oneHot = emit.floats(identity, [size, 1, ...kernel]);
  const overhang = kernel.map((_, axis) =>
    Math.max(
      0,
      (output[axis]! - 1) * window.strides[axis]! +
        span(window, axis) -
        input[axis]! -
        window.padBefore[axis]!,
    ),
  );
  const cells = emit.op('Conv', [reshape(emit, context.x(), [-1, 1, ...input]), oneHot], {
    kernel_shape: kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.padBefore, ...overhang],
  });
  const planes = (tensor: string): string => reshape(emit, tensor, [-1, 1, ...output]);
  const rank = emit.floats(firstCellFirst(window), [1, size, ...output]);
  const score = multiply(emit, mask(emit, 'Equal', cells, planes(context.y())), rank);
  const best = emit.op('ReduceMax', [score], { axes: [1], keepdims: 1 });
  const winner = mask(emit, 'Equal', score, best);
  const scattered = emit.op(
    'ConvTranspose',
    [multiply(emit, winner, planes(context.dY)), oneHot],
    scatterAttributes(window),
  );
  return context.reshapeLike(scattered, context.inputs[0]!);
}

/** [kernel cell, output cell]: larger for earlier cells of a window, 0 in the padding, which never wins. */
function firstCellFirst(window: Window): Float32Array {
  const size = product(window.kernel);
  const places = product(window.output);
  const score = new Float32Array(size * places);
  let inside = [{ cell: 0, place: 0 }];
  window.kernel.forEach((extent, axis) => {
    const windows = covered(window, axis);
    inside = inside.flatMap(({ cell, place }) =>
      windows.flatMap((cells, out) =>
        cells.map(({ offset }) => ({ cell: cell * extent + offset, place: place * windows.length + out })),
      ),
    );
  });
  for (const { cell, place } of inside) score[cell * places + place] = size - cell;
  return score;
}

function byIndices(context: RuleContext, window: Window): string {
  const { emit } = context;
  const [, indices] = emit.ops('MaxPool', [context.x()], 2, {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.padBefore, ...window.padAfter],
    ceil_mode: context.int('ceil_mode', 0),
  });
  const flat = (tensor: string): string => reshape(emit, tensor, [-1]);
  const zeros = emit.op('ConstantOfShape', [emit.op('Shape', [flat(context.x())])]);
  const sum = emit.op('ScatterElements', [zeros, flat(indices!), flat(context.dY)], {
    axis: 0,
    reduction: 'add',
  });
  return context.reshapeLike(sum, context.inputs[0]!);
}
