import * as tf from '@tensorflow/tfjs-core';
import {
  effectiveSize,
  type Pair,
  paddingBefore,
  place,
  spread,
  type WindowGeometry,
} from './convolution-geometry.ts';
import { depthwiseInputGradient } from './convolution-input-gradient.ts';
import type { GradientRule } from './gradient-rule.ts';

/**
 * Average pooling. At a border TensorFlow divides by the number of cells inside the image; the stock gradient of
 * TensorFlow.js 4.22 divides by the whole window there, without a word. Here: divide by the true count, then the
 * depthwise input gradient with a filter of ones.
 */
export function averagePoolRule(window: Pair, geometry: WindowGeometry): GradientRule {
  return {
    needs: 'nothing',
    vjp: (outputGradient, { inputShapes }) => [
      averagePoolInputGradient(outputGradient as tf.Tensor4D, inputShapes[0]!, window, geometry),
    ],
  };
}

export function averagePoolInputGradient(
  outputGradient: tf.Tensor4D,
  inputShape: readonly number[],
  window: Pair,
  geometry: WindowGeometry,
): tf.Tensor4D {
  const [, height, width] = outputGradient.shape;
  const before = paddingBefore(geometry, inputShape, window);
  const rows = cellsInside(height, inputShape[1]!, window[0], geometry, 0, before[0]);
  const columns = cellsInside(width, inputShape[2]!, window[1], geometry, 1, before[1]);
  const counts = new Float32Array(height * width);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) counts[i * width + j] = 1 / (rows[i]! * columns[j]!);
  }
  const share = tf.mul(outputGradient, tf.tensor4d(counts, [1, height, width, 1]));
  const ones = tf.ones([window[0], window[1], inputShape[3]!, 1]) as tf.Tensor4D;
  return depthwiseInputGradient(share as tf.Tensor4D, [ones], inputShape, geometry);
}

/**
 * Max pooling: the gradient goes to the first largest cell of each window, as in PyTorch. TensorFlow.js 4.22's own kernel on wasm
 * gives nothing to windows whose maximum is negative, without a word.
 */
export function maxPoolRule(window: Pair, geometry: WindowGeometry): GradientRule {
  return {
    needs: 'input-and-output',
    vjp: (outputGradient, { input, output }) => [
      maxPoolInputGradient(
        outputGradient as tf.Tensor4D,
        input as tf.Tensor4D,
        output as tf.Tensor4D,
        window,
        geometry,
      ),
    ],
  };
}

export function maxPoolInputGradient(
  outputGradient: tf.Tensor4D,
  input: tf.Tensor4D,
  output: tf.Tensor4D,
  window: Pair,
  geometry: WindowGeometry,
): tf.Tensor4D {
  const [, height, width, channels] = input.shape;
  const [batch, outputHeight, outputWidth] = output.shape;
  const before = paddingBefore(geometry, input.shape, window);
  const [rows, columns] = geometry.strides;
  let open: tf.Tensor = tf.onesLike(output);
  let sum: tf.Tensor | undefined;
  for (let i = 0; i < window[0]; i++) {
    for (let j = 0; j < window[1]; j++) {
      const offset: Pair = [i * geometry.dilations[0] - before[0], j * geometry.dilations[1] - before[1]];
      // What each window sees at this offset; outside the image it sees less than any number.
      const seen = placeWith(input, [-offset[0], -offset[1]], [outputHeight * rows, outputWidth * columns]);
      const cells = tf.stridedSlice(seen, [0, 0, 0, 0], seen.shape, [1, rows, columns, 1]);
      const hit = tf.mul(tf.cast(tf.equal(tf.reshape(cells, output.shape), output), 'float32'), open);
      open = tf.sub(open, hit);
      const share = spread(tf.mul(outputGradient, hit) as tf.Tensor4D, geometry.strides);
      const part = place(share, offset, [height, width]);
      sum = sum ? tf.add(sum, part) : part;
    }
  }
  return tf.reshape(sum!, [batch, height, width, channels]);
}

/** `place` with the lowest float32 where there is no image. */
function placeWith(input: tf.Tensor4D, before: Pair, size: Pair): tf.Tensor4D {
  const inside = (axis: 0 | 1): boolean =>
    before[axis] <= 0 && input.shape[axis + 1]! + before[axis] >= size[axis];
  const placed = place(input, before, size);
  if (inside(0) && inside(1)) return placed;
  const mask = place(tf.ones([1, input.shape[1], input.shape[2], 1]), before, size);
  return tf.add(placed, tf.mul(tf.sub(1, mask), LOWEST)) as tf.Tensor4D;
}

const LOWEST = -3.4e38;

/** Mean over the spatial axes of [batch, height, width, channels]; `axes` are those of the input. */
export function globalMeanRule(axes: Pair): GradientRule {
  return {
    needs: 'nothing',
    vjp(outputGradient, { inputShapes }) {
      const shape = inputShapes[0]!;
      const reduced = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
      const repeats = shape.map((extent, axis) => (axes.includes(axis) ? extent : 1));
      const cells = shape[axes[0]]! * shape[axes[1]]!;
      return [tf.tile(tf.reshape(tf.div(outputGradient, cells), reduced), repeats)];
    },
  };
}

function cellsInside(
  outputSize: number,
  inputSize: number,
  window: number,
  geometry: WindowGeometry,
  axis: 0 | 1,
  before: number,
): number[] {
  const dilation = geometry.dilations[axis];
  return Array.from({ length: outputSize }, (_, position) => {
    const start = position * geometry.strides[axis] - before;
    let inside = 0;
    for (let offset = 0; offset < effectiveSize(window, dilation); offset += dilation) {
      if (start + offset >= 0 && start + offset < inputSize) inside++;
    }
    return inside;
  });
}
