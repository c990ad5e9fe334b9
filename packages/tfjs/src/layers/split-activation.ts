import * as tf from '@tensorflow/tfjs-core';
import type { GradientRule } from '../rules/gradient-rule.ts';
import { convolutionRule, denseRule } from '../rules/linear-rules.ts';
import type { WeightCache } from '../weight-cache.ts';
import { activationOf, type Layer, weightOf, windowGeometry } from './layer-rule.ts';

/**
 * A layer that ends in softmax or sigmoid becomes two steps, so that the scores before it can be explained: the gradient of
 * a probability is another map, and it vanishes where the network is sure.
 */
export function splitActivation(
  layer: Layer,
  key: string,
  cache: WeightCache,
):
  | { linear: (x: tf.Tensor) => tf.Tensor; rule: GradientRule | undefined; activation: 'softmax' | 'sigmoid' }
  | undefined {
  const activation = activationOf(layer);
  if (activation !== 'softmax' && activation !== 'sigmoid') return undefined;
  const config = layer.getConfig() as Readonly<Record<string, unknown>>;
  const kernel = weightOf(layer, 'kernel');
  const bias = weightOf(layer, 'bias');
  const addBias = (x: tf.Tensor): tf.Tensor => (bias ? tf.add(x, bias()) : x);
  if (layer.getClassName() === 'Dense') {
    const linear = (x: tf.Tensor): tf.Tensor => {
      const rows = tf.reshape(x, [-1, x.shape[x.rank - 1]!]) as tf.Tensor2D;
      const product = tf.matMul(rows, kernel!() as tf.Tensor2D);
      return addBias(tf.reshape(product, [...x.shape.slice(0, -1), product.shape[1]!]));
    };
    return { linear, rule: denseRule(kernel!, {}), activation };
  }
  if (layer.getClassName() === 'Conv2D' && config['dataFormat'] !== 'channelsFirst') {
    const geometry = windowGeometry(config, config['strides']);
    const linear = (x: tf.Tensor): tf.Tensor =>
      addBias(
        tf.conv2d(
          x as tf.Tensor4D,
          kernel!() as tf.Tensor4D,
          [...geometry.strides] as [number, number],
          geometry.padding as 'same' | 'valid',
          'NHWC',
          [...geometry.dilations] as [number, number],
        ),
      );
    return { linear, rule: convolutionRule(kernel!, geometry, { cache, key }), activation };
  }
  return undefined;
}
