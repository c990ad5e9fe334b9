import * as tf from '@tensorflow/tfjs-core';
import type { Layout } from './model-graph.ts';

/** [batch, height, width, channels] to channels-first; inside a tidy. */
export function channelsFirst(tensor: tf.Tensor, layout: Layout): tf.Tensor {
  return layout === 'NHWC' ? tf.transpose(tensor, [0, 3, 1, 2]) : tf.clone(tensor);
}
