import * as tf from '@tensorflow/tfjs-core';
import type { GradientRule } from './gradient-rule.ts';

export type Resize = (images: tf.Tensor4D, size: [number, number]) => tf.Tensor4D;

/**
 * Resizing of [batch, height, width, channels], bilinear or nearest. The stock gradients of TensorFlow.js 4.22 ignore half-pixel
 * centres, and on the cpu backend swap height and width.
 */
export function resizeRule(resize: Resize): GradientRule {
  return {
    needs: 'nothing',
    vjp: (outputGradient, { inputShapes }) => [
      resizeInputGradient(outputGradient as tf.Tensor4D, inputShapes[0]!, resize),
    ],
  };
}

/**
 * Resizing is linear and works on each axis by itself, so its gradient is the product with two transposed matrices. They are
 * read off the operation itself, by resizing the identity: thus they are what this backend does, corners and all.
 */
export function resizeInputGradient(
  outputGradient: tf.Tensor4D,
  inputShape: readonly number[],
  resize: Resize,
): tf.Tensor4D {
  const [batch, outputHeight, outputWidth, channels] = outputGradient.shape;
  const [, height, width] = inputShape as [number, number, number, number];
  const identity = (size: number): tf.Tensor => tf.eye(size);
  const rows = tf.reshape(resize(tf.reshape(identity(height), [1, height, 1, height]), [outputHeight, 1]), [
    outputHeight,
    height,
  ]);
  const columns = tf.reshape(resize(tf.reshape(identity(width), [1, 1, width, width]), [1, outputWidth]), [
    outputWidth,
    width,
  ]);
  const byRow = tf.reshape(tf.transpose(outputGradient, [0, 2, 3, 1]), [-1, outputHeight]);
  const shrunk = tf.reshape(tf.matMul(byRow as tf.Tensor2D, rows as tf.Tensor2D), [
    batch,
    outputWidth,
    channels,
    height,
  ]);
  const byColumn = tf.reshape(tf.transpose(shrunk, [0, 3, 2, 1]), [-1, outputWidth]);
  const result = tf.reshape(tf.matMul(byColumn as tf.Tensor2D, columns as tf.Tensor2D), [
    batch,
    height,
    channels,
    width,
  ]);
  return tf.transpose(result, [0, 1, 3, 2]) as tf.Tensor4D;
}
