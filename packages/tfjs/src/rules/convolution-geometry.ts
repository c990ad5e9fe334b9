import * as tf from '@tensorflow/tfjs-core';

export type Pair = readonly [height: number, width: number];

/** `same` and `valid` as TensorFlow defines them, or the zeros before and after each spatial axis. */
export type Padding = 'same' | 'valid' | readonly [height: Pair, width: Pair];

export interface WindowGeometry {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

/** Zeros before the first row and column that the forward pass assumed. */
export function paddingBefore(
  geometry: WindowGeometry,
  inputShape: readonly number[],
  kernelSize: Pair,
): Pair {
  const along = (axis: 0 | 1): number => {
    const { padding } = geometry;
    if (padding === 'valid') return 0;
    if (padding !== 'same') return padding[axis][0];
    const size = inputShape[axis + 1]!;
    const stride = geometry.strides[axis];
    const extent = effectiveSize(kernelSize[axis], geometry.dilations[axis]);
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + extent - size);
    return Math.floor(total / 2);
  };
  return [along(0), along(1)];
}

export function effectiveSize(kernelSize: number, dilation: number): number {
  return (kernelSize - 1) * dilation + 1;
}

/** Puts `stride - 1` zeros behind every row and column of [batch, height, width, channels]. */
export function spread(tensor: tf.Tensor4D, strides: Pair): tf.Tensor4D {
  const [batch, height, width, channels] = tensor.shape;
  let result = tensor;
  // One axis at a time in four dimensions: several backends have no pad for more.
  if (strides[1] > 1) {
    const columns = tf.reshape(result, [batch * height, width, 1, channels]);
    const padded = tf.pad(columns, [
      [0, 0],
      [0, 0],
      [0, strides[1] - 1],
      [0, 0],
    ]);
    result = tf.reshape(padded, [batch, height, width * strides[1], channels]);
  }
  if (strides[0] > 1) {
    const rows = tf.reshape(result, [batch * height, 1, width * strides[1], channels]);
    const padded = tf.pad(rows, [
      [0, 0],
      [0, strides[0] - 1],
      [0, 0],
      [0, 0],
    ]);
    result = tf.reshape(padded, [batch, height * strides[0], width * strides[1], channels]);
  }
  return result;
}

/** Shifts [batch, height, width, channels] by `before` (negative crops) and pads or crops behind up to `size`. */
export function place(tensor: tf.Tensor4D, before: Pair, size: Pair): tf.Tensor4D {
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  const extent: [number, number, number, number] = [...tensor.shape];
  const pads: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  for (const axis of [1, 2] as const) {
    const lead = before[axis - 1]!;
    const target = size[axis - 1]!;
    begin[axis] = Math.max(0, -lead);
    const room = target - Math.max(0, lead);
    extent[axis] = Math.min(tensor.shape[axis] - begin[axis], room);
    pads[axis] = [Math.max(0, lead), room - extent[axis]];
  }
  const crops = extent.some((length, axis) => length !== tensor.shape[axis]);
  const cropped = crops ? tf.slice(tensor, begin, extent) : tensor;
  return pads.some(([lead, trail]) => lead > 0 || trail > 0)
    ? tf.pad(cropped, pads as [[number, number], [number, number], [number, number], [number, number]])
    : cropped;
}
