import * as tf from '@tensorflow/tfjs-core';
import { effectiveSize, paddingBefore, place } from '../rules/convolution-geometry.ts';
import { depthwiseOf } from './depthwise-of.ts';
import { geometryOf } from './kernel-attributes.ts';

type SuppliedKernel = (params: {
  inputs: Record<string, tf.Tensor>;
  attrs: Record<string, unknown>;
}) => tf.Tensor;

/** By name: kernels that a backend may lack (wasm lacks them all), from ones that every backend has. */
export const suppliedKernels: Readonly<Record<string, SuppliedKernel>> = {
  DepthwiseConv2dNativeBackpropInput: ({ inputs, attrs }) =>
    tf.tidy(() =>
      depthwiseOf(
        inputs['dy'] as tf.Tensor4D,
        inputs['filter'] as tf.Tensor4D,
        attrs['inputShape'] as number[],
        attrs,
      ),
    ),
  // Fused convolutions ask for it even when nobody wants it; so it must exist, and being exact it cannot do harm.
  Conv2DBackpropFilter: ({ inputs, attrs }) =>
    tf.tidy(() =>
      filterGradient(
        inputs['x'] as tf.Tensor4D,
        inputs['dy'] as tf.Tensor4D,
        attrs['filterShape'] as [number, number, number, number],
        geometryOf(attrs),
      ),
    ),
  // The gradient of gather: a product with the one-hot matrix of the segments.
  UnsortedSegmentSum: ({ inputs, attrs }) =>
    tf.tidy(() => {
      const x = inputs['x']!;
      const segments = attrs['numSegments'] as number;
      const [count = 0, ...rest] = x.shape;
      const oneHot = tf.cast(
        tf.oneHot(tf.cast(inputs['segmentIds']!, 'int32') as tf.Tensor1D, segments),
        'float32',
      );
      const sums = tf.matMul(oneHot as tf.Tensor2D, tf.reshape(x, [count, -1]), true, false);
      return tf.reshape(sums, [segments, ...rest]);
    }),
};

/** ∂s/∂filter: the input, channels as batch, convolved with the output gradient dilated by the stride. */
function filterGradient(
  x: tf.Tensor4D,
  outputGradient: tf.Tensor4D,
  filterShape: readonly [number, number, number, number],
  geometry: ReturnType<typeof geometryOf>,
): tf.Tensor {
  const before = paddingBefore(geometry, x.shape, [filterShape[0], filterShape[1]]);
  const [, height, width] = outputGradient.shape;
  const extent = (axis: 0 | 1, outputs: number): number =>
    (outputs - 1) * geometry.strides[axis] + effectiveSize(filterShape[axis], geometry.dilations[axis]);
  const ready = place(x, before, [extent(0, height), extent(1, width)]);
  const kernel = tf.transpose(outputGradient, [1, 2, 0, 3]);
  const product = tf.conv2d(
    tf.transpose(ready, [3, 1, 2, 0]) as tf.Tensor4D,
    kernel as tf.Tensor4D,
    [...geometry.dilations] as [number, number],
    'valid',
    'NHWC',
    [...geometry.strides] as [number, number],
  );
  return tf.transpose(product, [1, 2, 0, 3]);
}
