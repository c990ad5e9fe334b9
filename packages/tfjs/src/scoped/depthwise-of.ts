import type * as tf from '@tensorflow/tfjs-core';
import { depthwiseInputGradient, turnDepthwiseFilter } from '../rules/convolution-input-gradient.ts';
import { type Attributes, geometryOf } from './kernel-attributes.ts';

/** The depthwise input gradient from a kernel's attributes; no filter is cached. */
export function depthwiseOf(
  outputGradient: tf.Tensor4D,
  filter: tf.Tensor4D,
  inputShape: readonly number[],
  attributes: Attributes,
): tf.Tensor4D {
  const slices = Array.from({ length: filter.shape[3] }, (_, m) => turnDepthwiseFilter(filter, m));
  return depthwiseInputGradient(outputGradient, slices, inputShape, geometryOf(attributes));
}
