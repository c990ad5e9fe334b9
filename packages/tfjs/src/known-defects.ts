import { UnsupportedError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { effectiveSize, type Pair, type WindowGeometry } from './rules/convolution-geometry.ts';

/**
 * Where the forward pass of TensorFlow.js itself is wrong, the scores are those of another network, and so would be every map of
 * them, also at the layers behind. Such a model is explained nowhere.
 * @param steps per step its name, what is wrong and what to do; undefined where it is right
 * @throws UnsupportedError with the first of them
 */
export function refuseDefects(steps: Iterable<string | undefined>): void {
  const defects = new Set(steps);
  defects.delete(undefined);
  const [first] = defects;
  if (first === undefined) return;
  const others = defects.size - 1;
  throw new UnsupportedError(
    `createTfjsModel: expected a model that TensorFlow.js computes rightly. ${first}` +
      (others > 0 ? ` So it is with ${others} more of its layers.` : ''),
  );
}

/** `size` is the height and width of the input, undefined where it varies. */
export function convolutionDefect(
  kernelSize: Pair,
  geometry: WindowGeometry,
  size: readonly (number | null | undefined)[],
): string | undefined {
  if (tf.getBackend() !== 'wasm' || geometry.padding !== 'same') return undefined;
  const wrong = ([0, 1] as const).some((axis) => {
    const stride = geometry.strides[axis];
    const extent = effectiveSize(kernelSize[axis], geometry.dilations[axis]);
    if (extent === 1 || extent >= stride) return false;
    const cells = size[axis];
    // Where the size varies some sizes are wrong, and the user would not know which.
    return cells == null || (Math.ceil(cells / stride) - 1) * stride + extent < cells;
  });
  return wrong
    ? 'on wasm TensorFlow.js 4.22 returns zeros for a "same" convolution with a window smaller than its stride. Take another backend.'
    : undefined;
}

/** Over another axis than the last. */
export function batchNormAxisDefect(axis: number): string | undefined {
  const backend = tf.getBackend();
  // webgl, webgpu and tensorflow broadcast the parameters, as they should.
  if (backend !== 'cpu' && backend !== 'wasm') return undefined;
  return `on ${backend} TensorFlow.js 4.22 normalises over axis ${axis} with the parameters of other cells. Take another backend, or the last axis.`;
}

export function depthwiseDilationDefect(dilations: Pair): string {
  return `TensorFlow.js 4.22 leaves out its dilation of ${dilations.join('×')}. ${AS_GRAPH}`;
}

const AS_GRAPH =
  'Convert the model as a graph: tensorflowjs_converter --output_format=tfjs_graph_model, which keeps it.';
