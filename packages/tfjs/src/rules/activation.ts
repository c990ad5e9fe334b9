import * as tf from '@tensorflow/tfjs-core';
import type { GradientRule } from './gradient-rule.ts';

/** ∂s/∂x of y = f(x), from ∂s/∂y and y alone; so a fused activation needs no second forward pass. */
export type ActivationGradient = (outputGradient: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/**
 * The activations whose gradient follows from their output; undefined for all others. At the kinks the gradient is 0, as in
 * PyTorch.
 */
export function activationGradient(name: string): ActivationGradient | undefined {
  return Object.hasOwn(GRADIENTS, name) ? GRADIENTS[name as keyof typeof GRADIENTS] : undefined;
}

/** relu cut off at `maximum`, as in MobileNet (6). */
export function clippedReluGradient(maximum: number): ActivationGradient {
  return (outputGradient, output) => {
    const below = tf.cast(tf.less(output, maximum), 'float32');
    return tf.mul(outputGradient, tf.mul(tf.step(output), below));
  };
}

/** y = x where it passed a threshold, else 0. */
export const thresholdGradient: ActivationGradient = (outputGradient, output) =>
  tf.mul(outputGradient, tf.cast(tf.notEqual(output, 0), 'float32'));

export function activationRule(gradient: ActivationGradient): GradientRule {
  return { needs: 'output', vjp: (outputGradient, { output }) => [gradient(outputGradient, output!)] };
}

const GRADIENTS: Readonly<Record<'relu' | 'relu6' | 'sigmoid' | 'tanh', ActivationGradient>> = {
  relu: (outputGradient, output) => tf.mul(outputGradient, tf.step(output)),
  relu6: clippedReluGradient(6),
  sigmoid: (outputGradient, output) => tf.mul(outputGradient, tf.mul(output, tf.sub(1, output))),
  tanh: (outputGradient, output) => tf.mul(outputGradient, tf.sub(1, tf.square(output))),
};
