import * as tf from '@tensorflow/tfjs-core';
import type { GradientRule } from './gradient-rule.ts';

export const identityRule: GradientRule = { needs: 'nothing', vjp: (outputGradient) => [outputGradient] };

export const reshapeRule: GradientRule = {
  needs: 'nothing',
  vjp: (outputGradient, { inputShapes }) => [tf.reshape(outputGradient, [...inputShapes[0]!])],
};

/** Sum of inputs; an input that was repeated by broadcasting gets the sum of its copies' gradients. */
export const addRule: GradientRule = {
  needs: 'nothing',
  vjp: (outputGradient, { inputShapes }) => inputShapes.map((shape) => unbroadcast(outputGradient, shape)),
};

/** Product with a constant, or quotient by it. */
export function scaleRule(factor: () => tf.Tensor, divide: boolean): GradientRule {
  return {
    needs: 'nothing',
    vjp: (outputGradient, { inputShapes }) => [
      unbroadcast(
        divide ? tf.div(outputGradient, factor()) : tf.mul(outputGradient, factor()),
        inputShapes[0]!,
      ),
    ],
  };
}

export function concatRule(axis: number): GradientRule {
  return {
    needs: 'nothing',
    vjp(outputGradient, { inputShapes, outputShape }) {
      const along = axis < 0 ? axis + outputShape.length : axis;
      let start = 0;
      return inputShapes.map((shape) => {
        const begin = outputShape.map((_, i) => (i === along ? start : 0));
        start += shape[along]!;
        return tf.slice(outputGradient, begin, [...shape]);
      });
    },
  };
}

/** Padding with a constant; `before` counts the cells put in front of each axis. */
export function padRule(before: readonly number[]): GradientRule {
  return {
    needs: 'nothing',
    vjp: (outputGradient, { inputShapes }) => [tf.slice(outputGradient, [...before], [...inputShapes[0]!])],
  };
}

/**
 * Padding by reflection: each cell also gets what its mirror images received. The stock gradient of TensorFlow.js 4.22 drops
 * those parts, without a word.
 *
 * @param paddings cells before and after each axis
 * @param edge 1 for `symmetric` (the border cell is repeated), 0 for `reflect`
 */
export function mirrorPadRule(paddings: readonly (readonly [number, number])[], edge: 0 | 1): GradientRule {
  return {
    needs: 'nothing',
    vjp: (outputGradient) => [mirrorPadInputGradient(outputGradient, paddings, edge)],
  };
}

export function mirrorPadInputGradient(
  outputGradient: tf.Tensor,
  paddings: readonly (readonly [number, number])[],
  edge: 0 | 1,
): tf.Tensor {
  let gradient = outputGradient;
  paddings.forEach(([before, after], axis) => {
    const size = gradient.shape[axis]! - before - after;
    const part = (start: number, length: number): tf.Tensor =>
      tf.slice(
        gradient,
        gradient.shape.map((_, i) => (i === axis ? start : 0)),
        gradient.shape.map((extent, i) => (i === axis ? length : extent)),
      );
    const folded = (mirrored: tf.Tensor, start: number): tf.Tensor => {
      const trail = size - start - mirrored.shape[axis]!;
      return tf.pad(
        tf.reverse(mirrored, axis),
        gradient.shape.map((_, i) => (i === axis ? [start, trail] : [0, 0]) as [number, number]),
      );
    };
    let sum = part(before, size);
    if (before > 0) sum = tf.add(sum, folded(part(0, before), 1 - edge));
    if (after > 0) sum = tf.add(sum, folded(part(before + size, after), size - after - (1 - edge)));
    gradient = sum;
  });
  return gradient;
}

function unbroadcast(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const offset = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((extent, axis) =>
    axis < offset || (shape[axis - offset] === 1 && extent !== 1) ? [axis] : [],
  );
  return axes.length === 0 ? gradient : tf.reshape(tf.sum(gradient, axes), [...shape]);
}
