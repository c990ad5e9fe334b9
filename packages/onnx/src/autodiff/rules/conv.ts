import { type Shaped, shaped } from '../along-axis.ts';
import { axesFrom } from '../axes.ts';
import { reshape, reverse, transpose } from '../emit-math.ts';
import { fitEdges } from '../fit-edges.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { scatterAttributes, span, type Window, windowOf } from '../window.ts';

/**
 * Y = X ∗ W + b in 1, 2 or 3 dimensions, with groups, strides and dilations: dX is ConvTranspose(dY, W) with the forward
 * weights as they lie. With `convolution: 'flip'` it is the equal convolution by flipped weights wherever that takes no more
 * products, for which runtimes have faster kernels.
 */
export const conv: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const shape = context.shape(context.inputs[1]!);
    const window = windowOf(context, shape.slice(2));
    const group = context.int('group', 1);
    const flipped =
      context.options.convolution === 'flip' ? asConvolution(context, window, group) : undefined;
    return [
      flipped ??
        context.emit.op('ConvTranspose', [context.dY, context.x(1)], { ...scatterAttributes(window), group }),
    ];
  },
};

/** undefined where ConvTranspose is the better way: strided windows that mix channels. */
function asConvolution(context: RuleContext, window: Window, group: number): string | undefined {
  const { kernel, strides, output } = window;
  const [outputs, inputsPerGroup] = context.shape(context.inputs[1]!) as [number, number];
  const dY = shaped(context, context.dY, context.outputs[0]!);
  if (strides.every((stride) => stride === 1)) return convolved(context, dY, window, group);
  // The windows of a 1×1 kernel do not meet: the small map is convolved, then spread.
  if (kernel.every((size) => size === 1)) {
    const same = { ...window, padBefore: kernel.map(() => 0), input: output };
    const small = convolved(context, dY, same, group);
    return spread(context, small, inputsPerGroup * group, scatterAttributes(window));
  }
  // A depthwise kernel has so few products that those with the zeros between do not count.
  if (inputsPerGroup === 1 && outputs === group) {
    const ones = kernel.map(() => 1);
    const value = spread(context, context.dY, outputs, {
      kernel_shape: ones,
      strides,
      dilations: ones,
      pads: [...kernel, ...kernel].map(() => 0),
      output_padding: strides.map((stride) => stride - 1),
    });
    const open = output.map((extent, axis) => extent * strides[axis]!);
    return convolved(context, { ...dY, value, shape: [...dY.shape.slice(0, 2), ...open] }, window, group);
  }
  return undefined;
}

/**
 * Zeros between the cells of each channel: a scatter by windows of one cell, which takes an eighth of the time of Pad and Reshape.
 */
function spread(
  context: RuleContext,
  value: string,
  channels: number,
  scatter: ReturnType<typeof scatterAttributes>,
): string {
  const { emit } = context;
  const ones = emit.floats(new Float32Array(channels).fill(1), [channels, 1, ...scatter.kernel_shape]);
  return emit.op('ConvTranspose', [value, ones], { ...scatter, group: channels });
}

/** The adjoint of a stride-1 convolution: from the cells of `dY` to those of `window.input`. */
function convolved(context: RuleContext, dY: Shaped, window: Window, group: number): string {
  const { kernel, dilations } = window;
  const before = kernel.map((_, axis) => span(window, axis) - 1 - window.padBefore[axis]!);
  const after = kernel.map(
    (_, axis) => window.input[axis]! - dY.shape[axis + 2]! - before[axis]! + span(window, axis) - 1,
  );
  // Cells that only looked at padding are cut off: a convolution's own pads cannot be negative.
  const cut = (pad: number): number => Math.min(0, pad);
  const kept = fitEdges(
    context.emit,
    dY.value,
    dY.shape,
    [0, 0, ...before.map(cut)],
    [0, 0, ...after.map(cut)],
  );
  return context.emit.op('Conv', [kept, flippedWeights(context, group)], {
    kernel_shape: kernel,
    dilations,
    group,
    pads: [...before, ...after].map((pad) => Math.max(0, pad)),
  });
}

/** [out, in/group, …] → [in, out/group, …] with reversed kernel axes. ONNX Runtime folds this once, at session creation. */
function flippedWeights(context: RuleContext, group: number): string {
  const { emit } = context;
  const shape = context.shape(context.inputs[1]!);
  const [outputs, inputs, ...kernel] = shape as [number, number, ...number[]];
  const axes = axesFrom(2, shape.length).filter((axis) => shape[axis] !== 1);
  const weights = reverse(emit, context.x(1), axes);
  if (group === 1) return transpose(emit, weights, [1, 0, ...axesFrom(2, shape.length)]);
  if (inputs === 1 && outputs === group) return weights;
  const perGroup = reshape(emit, weights, [group, outputs / group, inputs, ...kernel]);
  const swapped = transpose(emit, perGroup, [0, 2, 1, ...axesFrom(3, shape.length + 1)]);
  return reshape(emit, swapped, [group * inputs, outputs / group, ...kernel]);
}
