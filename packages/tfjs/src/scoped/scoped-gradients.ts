import * as tf from '@tensorflow/tfjs-core';
import { convolutionInputGradient, turnFilter } from '../rules/convolution-input-gradient.ts';
import { averagePoolInputGradient, maxPoolInputGradient } from '../rules/pooling-rules.ts';
import { resizeInputGradient } from '../rules/resize-rule.ts';
import { mirrorPadInputGradient } from '../rules/shape-rules.ts';
import { depthwiseOf } from './depthwise-of.ts';
import { type Attributes, geometryOf, pair } from './kernel-attributes.ts';

export type ScopedGradient = (
  outputGradient: tf.Tensor,
  saved: tf.Tensor[],
  attributes: Attributes,
  stock: tf.GradConfig,
) => ReturnType<tf.GradFunc>;

/** By kernel: what replaces a stock gradient that is wrong or refuses. */
export const scopedGradients: Readonly<Record<string, ScopedGradient>> = {
  Conv2D(outputGradient, saved, attributes, stock) {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    if (attributes['dataFormat'] === 'NCHW')
      return stock.gradFunc(outputGradient, saved, attributes as never);
    return {
      x: () =>
        convolutionInputGradient(
          outputGradient as tf.Tensor4D,
          turnFilter(filter),
          x.shape,
          geometryOf(attributes),
        ),
      // Asked for only where the filter itself depends on the activations.
      filter: () => stock.gradFunc(outputGradient, saved, attributes as never)['filter']!(),
    };
  },
  DepthwiseConv2dNative(outputGradient, saved, attributes, stock) {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    return {
      x: () => depthwiseOf(outputGradient as tf.Tensor4D, filter, x.shape, attributes),
      filter: () => stock.gradFunc(outputGradient, saved, attributes as never)['filter']!(),
    };
  },
  AvgPool(outputGradient, saved, attributes) {
    const [x] = saved as [tf.Tensor4D];
    const window = pair(attributes['filterSize']);
    const geometry = geometryOf(attributes);
    return { x: () => averagePoolInputGradient(outputGradient as tf.Tensor4D, x.shape, window, geometry) };
  },
  MaxPool(outputGradient, saved, attributes) {
    const [x, y] = saved as [tf.Tensor4D, tf.Tensor4D];
    const window = pair(attributes['filterSize']);
    return {
      x: () => maxPoolInputGradient(outputGradient as tf.Tensor4D, x, y, window, geometryOf(attributes)),
    };
  },
  ResizeBilinear: (outputGradient, saved, attributes) => ({
    images: () =>
      resizeInputGradient(outputGradient as tf.Tensor4D, saved[0]!.shape, (images, size) =>
        tf.image.resizeBilinear(
          images,
          size,
          attributes['alignCorners'] as boolean,
          attributes['halfPixelCenters'] as boolean,
        ),
      ),
  }),
  ResizeNearestNeighbor: (outputGradient, saved, attributes) => ({
    images: () =>
      resizeInputGradient(outputGradient as tf.Tensor4D, saved[0]!.shape, (images, size) =>
        tf.image.resizeNearestNeighbor(
          images,
          size,
          attributes['alignCorners'] as boolean,
          attributes['halfPixelCenters'] as boolean,
        ),
      ),
  }),
  MirrorPad(outputGradient, _saved, attributes) {
    const paddings = attributes['paddings'] as [number, number][];
    const edge = attributes['mode'] === 'symmetric' ? 1 : 0;
    return { x: () => mirrorPadInputGradient(outputGradient, paddings, edge) };
  },
};
