import * as tf from '@tensorflow/tfjs-core';
import type { WeightCache } from '../weight-cache.ts';
import { type ActivationGradient, activationGradient } from './activation.ts';
import type { WindowGeometry } from './convolution-geometry.ts';
import {
  convolutionInputGradient,
  depthwiseInputGradient,
  turnDepthwiseFilter,
  turnFilter,
} from './convolution-input-gradient.ts';
import type { GradientRule } from './gradient-rule.ts';

/** A parameter as it is now: weights may be assigned anew between two calls. */
export type Weight = () => tf.Tensor;

interface LinearOptions {
  readonly cache: WeightCache;
  /** Name of the step: cached tensors of two steps must not meet. */
  readonly key: string;
  /** Fused activation. Default: linear. */
  readonly activation?: string;
}

/** Convolution with `filter` [filterHeight, filterWidth, in, out]; bias needs no gradient. */
export function convolutionRule(
  filter: Weight,
  geometry: WindowGeometry,
  options: LinearOptions,
): GradientRule | undefined {
  return fused(options.activation, (outputGradient, inputShape) => {
    const source = filter() as tf.Tensor4D;
    const turned = options.cache.get(`${options.key}/filter`, [source], () => turnFilter(source));
    return convolutionInputGradient(
      outputGradient as tf.Tensor4D,
      turned as tf.Tensor4D,
      inputShape,
      geometry,
    );
  });
}

/** Depthwise convolution with `filter` [filterHeight, filterWidth, channels, multiplier]. */
export function depthwiseRule(
  filter: Weight,
  geometry: WindowGeometry,
  options: LinearOptions,
): GradientRule | undefined {
  return fused(options.activation, (outputGradient, inputShape) =>
    depthwiseInputGradient(
      outputGradient as tf.Tensor4D,
      turnedSlices(filter() as tf.Tensor4D, options),
      inputShape,
      geometry,
    ),
  );
}

/** Depthwise convolution followed by a 1×1 convolution with `pointwise` [1, 1, channels · multiplier, out]. */
export function separableRule(
  depthwise: Weight,
  pointwise: Weight,
  geometry: WindowGeometry,
  options: LinearOptions,
): GradientRule | undefined {
  return fused(options.activation, (outputGradient, inputShape) => {
    const source = pointwise() as tf.Tensor4D;
    const turned = options.cache.get(`${options.key}/pointwise`, [source], () => turnFilter(source));
    const between = tf.conv2d(outputGradient as tf.Tensor4D, turned as tf.Tensor4D, 1, 'valid');
    const slices = turnedSlices(depthwise() as tf.Tensor4D, options);
    return depthwiseInputGradient(between, slices, inputShape, geometry);
  });
}

/** y = x·W (+ b) over the last axis with `weights` [in, out], or [out, in] if `transposed`. */
export function denseRule(
  weights: Weight,
  options: Omit<LinearOptions, 'cache' | 'key'> & { readonly transposed?: boolean },
): GradientRule | undefined {
  const rule = fused(options.activation, (outputGradient, inputShape) => {
    const matrix = weights() as tf.Tensor2D;
    const units = outputGradient.shape[outputGradient.rank - 1]!;
    const rows = tf.reshape(outputGradient, [-1, units]) as tf.Tensor2D;
    return tf.reshape(tf.matMul(rows, matrix, false, !options.transposed), [...inputShape]);
  });
  const plain = options.activation === undefined || options.activation === 'linear';
  return rule && plain
    ? { ...rule, matrix: () => (options.transposed ? weights() : tf.transpose(weights())) }
    : rule;
}

/**
 * Batch normalisation at inference: ∂s/∂x = ∂s/∂y · γ / √(variance + ε) per channel of `axis`. Holds without scale or center
 * too, where the stock gradient throws.
 */
export function batchNormRule(
  parameters: {
    readonly scale: Weight | undefined;
    readonly variance: Weight;
    readonly epsilon: number;
    /** Default: the last. */
    readonly axis?: number;
  },
  options: Omit<LinearOptions, 'activation'>,
): GradientRule {
  return {
    needs: 'nothing',
    vjp(outputGradient) {
      const variance = parameters.variance();
      const scale = parameters.scale?.();
      const factor = options.cache.get(
        `${options.key}/factor`,
        scale ? [variance, scale] : [variance],
        () => {
          const inverse = tf.rsqrt(tf.add(variance, parameters.epsilon));
          return scale ? tf.mul(scale, inverse) : inverse;
        },
      );
      const { rank, shape } = outputGradient;
      const { axis = -1 } = parameters;
      const along = axis < 0 ? axis + rank : axis;
      const broadcast = shape.map((extent, i) => (i === along ? extent : 1));
      return [tf.mul(outputGradient, along === rank - 1 ? factor : tf.reshape(factor, broadcast))];
    },
  };
}

function turnedSlices(filter: tf.Tensor4D, { cache, key }: LinearOptions): tf.Tensor4D[] {
  return Array.from(
    { length: filter.shape[3] },
    (_, m) =>
      cache.get(`${key}/depthwise/${m}`, [filter], () => turnDepthwiseFilter(filter, m)) as tf.Tensor4D,
  );
}

/** The rule of activation(linear(x)); undefined for an activation that does not follow from its output. */
function fused(
  activation: string | undefined,
  linear: (outputGradient: tf.Tensor, inputShape: readonly number[]) => tf.Tensor,
): GradientRule | undefined {
  if (activation === undefined || activation === 'linear') {
    return { needs: 'nothing', vjp: (gradient, { inputShapes }) => [linear(gradient, inputShapes[0]!)] };
  }
  const outer: ActivationGradient | undefined = activationGradient(activation);
  if (!outer) return undefined;
  return {
    needs: 'output',
    vjp: (gradient, { inputShapes, output }) => [linear(outer(gradient, output!), inputShapes[0]!)],
  };
}
