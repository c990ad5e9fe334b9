import { interleaveAlongAxis, type Shaped, shaped } from '../along-axis.ts';
import { axesFrom } from '../axes.ts';
import { reshape, reverse, transpose } from '../emit-math.ts';
import { fitEdges } from '../fit-edges.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { scatterAttributes, span, type Window, windowOf } from '../window.ts';

/**
 * Y = X ∗ W + b in 1, 2 or 3 dimensions, with groups, strides and dilations: dX is ConvTranspose(dY, W) with the forward
 * weights as they lie. With `convolution: 'flip'` it is made of equal convolutions by flipped weights wherever that takes no
 * more products, for which runtimes have faster kernels.
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

/** undefined where ConvTranspose is the better way: long strides over windows that mix channels. */
function asConvolution(context: RuleContext, window: Window, group: number): string | undefined {
  const { kernel, strides, dilations, input, output } = window;
  const shape = context.shape(context.inputs[1]!);
  const weights: Shaped = { value: context.x(1), shape, growing: undefined };
  const [outputs, inputsPerGroup] = shape as [number, number];
  const dY = shaped(context, context.dY, context.outputs[0]!);
  const before = kernel.map((_, axis) => span(window, axis) - 1 - window.padBefore[axis]!);
  const whole = { before, extents: input, dilations, group };
  if (strides.every((stride) => stride === 1)) return convolved(context, dY, weights, whole);
  // The windows of a 1×1 kernel do not meet: the small map is convolved, then spread.
  if (kernel.every((size) => size === 1)) {
    const here = { before: kernel.map(() => 0), extents: output, dilations, group };
    const small = convolved(context, dY, weights, here);
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
    const wide = { ...dY, value, shape: [...dY.shape.slice(0, 2), ...open] };
    return convolved(context, wide, weights, whole);
  }
  const inPhases =
    strides.every((stride, axis) => stride <= 2 && stride <= kernel[axis]!) &&
    dilations.every((dilation) => dilation === 1);
  return inPhases ? convolvedInPhases(context, dY, weights, window, group) : undefined;
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

/**
 * Cell x of the input lay under the kernel's cells k with x + pad ≡ k (mod stride): the input's cells of one phase x mod stride see
 * one part of the kernel, without strides. A convolution per phase, as many products as in the forward pass, then interleaved.
 */
function convolvedInPhases(
  context: RuleContext,
  dY: Shaped,
  weights: Shaped,
  window: Window,
  group: number,
): string {
  const { kernel, strides, dilations, padBefore, input } = window;
  const extents = input.map((extent, axis) => Math.ceil(extent / strides[axis]!));
  const shape = [dY.shape[0]!, weights.shape[1]! * group, ...extents];
  const phase = (offsets: readonly number[]): Shaped => {
    const first = offsets.map((offset, axis) => (offset + padBefore[axis]!) % strides[axis]!);
    const part = everyStride(context, weights, first, strides);
    const before = offsets.map(
      (offset, axis) => part.shape[axis + 2]! - 1 - Math.floor((offset + padBefore[axis]!) / strides[axis]!),
    );
    return {
      ...dY,
      value: convolved(context, dY, part, { before, extents, dilations, group }),
      shape,
    };
  };
  const interleaved = (offsets: readonly number[]): Shaped => {
    const axis = offsets.length;
    if (axis === kernel.length) return phase(offsets);
    const parts = Array.from({ length: strides[axis]! }, (_, offset) => interleaved([...offsets, offset]));
    return interleaveAlongAxis(context, parts, axis + 2);
  };
  const { value, shape: reached } = interleaved([]);
  const surplus = reached.map((extent, axis) => (axis < 2 ? 0 : input[axis - 2]! - extent));
  return fitEdges(
    context.emit,
    value,
    reached,
    reached.map(() => 0),
    surplus,
  );
}

/** The kernel's cells `first`, `first` + stride, `first` + 2·stride … of each spatial axis. */
function everyStride(
  { emit }: RuleContext,
  { value, shape, growing }: Shaped,
  first: readonly number[],
  strides: readonly number[],
): Shaped {
  const axes = axesFrom(2, shape.length).filter((axis) => strides[axis - 2] !== 1);
  const cut = emit.op('Slice', [
    value,
    emit.integers(axes.map((axis) => first[axis - 2]!)),
    emit.integers(axes.map((axis) => shape[axis]!)),
    emit.integers(axes),
    emit.integers(axes.map((axis) => strides[axis - 2]!)),
  ]);
  const left = shape.map((extent, axis) =>
    axis < 2 ? extent : Math.ceil((extent - first[axis - 2]!) / strides[axis - 2]!),
  );
  return { value: cut, shape: left, growing };
}

interface Placement {
  /** Cells before the cotangent that the first window looks at. */
  readonly before: readonly number[];
  /** Of the result. */
  readonly extents: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}

/** The adjoint of a stride-1 convolution. */
function convolved(
  context: RuleContext,
  dY: Shaped,
  weights: Shaped,
  { before, extents, dilations, group }: Placement,
): string {
  const kernel = weights.shape.slice(2);
  const after = kernel.map(
    (size, axis) => extents[axis]! - dY.shape[axis + 2]! - before[axis]! + (size - 1) * dilations[axis]!,
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
  return context.emit.op('Conv', [kept, flipped(context, weights, group)], {
    kernel_shape: kernel,
    dilations,
    group,
    pads: [...before, ...after].map((pad) => Math.max(0, pad)),
  });
}

/** [out, in/group, …] → [in, out/group, …] with reversed kernel axes. ONNX Runtime folds this once, at session creation. */
function flipped({ emit }: RuleContext, { value, shape }: Shaped, group: number): string {
  const [outputs, inputs, ...kernel] = shape as [number, number, ...number[]];
  const axes = axesFrom(2, shape.length).filter((axis) => shape[axis] !== 1);
  const weights = reverse(emit, value, axes);
  if (group === 1) return transpose(emit, weights, [1, 0, ...axesFrom(2, shape.length)]);
  if (inputs === 1 && outputs === group) return weights;
  const perGroup = reshape(emit, weights, [group, outputs / group, inputs, ...kernel]);
  const swapped = transpose(emit, perGroup, [0, 2, 1, ...axesFrom(3, shape.length + 1)]);
  return reshape(emit, swapped, [group * inputs, outputs / group, ...kernel]);
}
