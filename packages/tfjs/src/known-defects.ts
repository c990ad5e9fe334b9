import * as tf from '@tensorflow/tfjs-core';
import { effectiveSize, type Pair, type WindowGeometry } from './rules/convolution-geometry.ts';

/**
 * Where the forward pass of TensorFlow.js 4.22 itself is wrong there is nothing to explain, and a gradient of the right function
 * would not be that of the scores the user sees. Such steps are refused by name.
 */
export function convolutionDefect(
  kernelSize: Pair,
  geometry: WindowGeometry,
  inputShape: readonly (number | undefined | null)[] | undefined,
): string | undefined {
  if (tf.getBackend() !== 'wasm' || geometry.padding !== 'same') return undefined;
  const wrong = ([0, 1] as const).some((axis) => {
    const size = inputShape?.[axis + 1];
    const stride = geometry.strides[axis];
    const extent = effectiveSize(kernelSize[axis], geometry.dilations[axis]);
    return size != null && extent > 1 && (Math.ceil(size / stride) - 1) * stride + extent < size;
  });
  return wrong
    ? 'on wasm TensorFlow.js 4.22 returns zeros for a "same" convolution with a window smaller than its stride; take another backend'
    : undefined;
}

export function batchNormAxisDefect(axis: number): string {
  return `TensorFlow.js 4.22 normalises over axis ${axis} with the parameters of other cells; only the last axis is right`;
}
