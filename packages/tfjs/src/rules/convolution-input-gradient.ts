import * as tf from '@tensorflow/tfjs-core';
import {
  effectiveSize,
  type Pair,
  paddingBefore,
  place,
  spread,
  type WindowGeometry,
} from './convolution-geometry.ts';

/**
 * ∂s/∂x of a convolution: the output gradient, spread by the stride and padded, convolved at stride 1 with the filter turned by
 * 180° and its channels swapped (`turnFilter`). Dilation stays, which the stock gradient refuses.
 *
 * @param outputGradient [batch, outHeight, outWidth, outChannels]
 * @param turned [filterHeight, filterWidth, outChannels, inChannels]
 * @param inputShape [batch, height, width, inChannels]
 */
export function convolutionInputGradient(
  outputGradient: tf.Tensor4D,
  turned: tf.Tensor4D,
  inputShape: readonly number[],
  geometry: WindowGeometry,
): tf.Tensor4D {
  const kernelSize: Pair = [turned.shape[0], turned.shape[1]];
  const before = paddingBefore(geometry, inputShape, kernelSize);
  if (kernelSize[0] === 1 && kernelSize[1] === 1 && before[0] === 0 && before[1] === 0) {
    // Convolve first: spreading first would multiply the work by the square of the stride, all of it on zeros.
    const dense = tf.conv2d(outputGradient, turned, 1, 'valid');
    return place(spread(dense, geometry.strides), [0, 0], [inputShape[1]!, inputShape[2]!]);
  }
  const dilations: [number, number] = [...geometry.dilations];
  if (keepsSize(geometry, kernelSize)) {
    return tf.conv2d(outputGradient, turned, 1, 'same', 'NHWC', dilations);
  }
  const ready = aligned(outputGradient, kernelSize, inputShape, geometry);
  return tf.conv2d(ready, turned, 1, 'valid', 'NHWC', dilations);
}

/**
 * The same for a depthwise convolution; with a channel multiplier M the M gradients of a channel are summed.
 *
 * @param outputGradient [batch, outHeight, outWidth, channels · M]
 * @param turned M filters of [filterHeight, filterWidth, channels, 1], turned by 180°
 */
export function depthwiseInputGradient(
  outputGradient: tf.Tensor4D,
  turned: readonly tf.Tensor4D[],
  inputShape: readonly number[],
  geometry: WindowGeometry,
): tf.Tensor4D {
  const [batch, height, width] = outputGradient.shape;
  const channels = inputShape[3]!;
  const multiplier = turned.length;
  const dilations: [number, number] = [...geometry.dilations];
  const parts = turned.map((filter, m) => {
    const kernelSize: Pair = [filter.shape[0], filter.shape[1]];
    let part = outputGradient;
    if (multiplier > 1) {
      const cells = tf.reshape(outputGradient, [batch * height * width, channels, multiplier]);
      const slice = tf.slice(cells, [0, 0, m], [batch * height * width, channels, 1]);
      part = tf.reshape(slice, [batch, height, width, channels]);
    }
    if (keepsSize(geometry, kernelSize)) {
      return tf.depthwiseConv2d(part, filter, 1, 'same', 'NHWC', dilations);
    }
    const ready = aligned(part, kernelSize, inputShape, geometry);
    return tf.depthwiseConv2d(ready, filter, 1, 'valid', 'NHWC', dilations);
  });
  return parts.length === 1 ? parts[0]! : tf.addN(parts);
}

/** [filterHeight, filterWidth, in, out] turned by 180° with `in` and `out` swapped. */
export function turnFilter(filter: tf.Tensor4D): tf.Tensor4D {
  const [height, width] = filter.shape;
  const turned = height === 1 && width === 1 ? filter : tf.reverse(filter, [0, 1]);
  return tf.transpose(turned, [0, 1, 3, 2]);
}

/** Slice m of [filterHeight, filterWidth, channels, M], turned by 180°. */
export function turnDepthwiseFilter(filter: tf.Tensor4D, m: number): tf.Tensor4D {
  const [height, width, channels] = filter.shape;
  return tf.reverse(tf.slice(filter, [0, 0, 0, m], [height, width, channels, 1]), [0, 1]);
}

/** Stride 1 and symmetric "same" padding: the gradient is a plain "same" convolution, without a pad of its own. */
function keepsSize(geometry: WindowGeometry, kernelSize: Pair): boolean {
  return (
    geometry.padding === 'same' &&
    geometry.strides[0] === 1 &&
    geometry.strides[1] === 1 &&
    effectiveSize(kernelSize[0], geometry.dilations[0]) % 2 === 1 &&
    effectiveSize(kernelSize[1], geometry.dilations[1]) % 2 === 1
  );
}

function aligned(
  outputGradient: tf.Tensor4D,
  kernelSize: Pair,
  inputShape: readonly number[],
  geometry: WindowGeometry,
): tf.Tensor4D {
  const before = paddingBefore(geometry, inputShape, kernelSize);
  const rows = effectiveSize(kernelSize[0], geometry.dilations[0]) - 1;
  const columns = effectiveSize(kernelSize[1], geometry.dilations[1]) - 1;
  return place(
    spread(outputGradient, geometry.strides),
    [rows - before[0], columns - before[1]],
    [inputShape[1]! + rows, inputShape[2]! + columns],
  );
}
