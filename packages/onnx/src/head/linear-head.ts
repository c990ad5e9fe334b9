import { type LinearHead, view } from '@hybridcam/core';
import { headGradient, headScores, type VectorHead } from './vector-head.ts';
import type { StoredMatrix } from './vector-step.ts';

/**
 * The head as one matrix and bias, where it is linear. A single weight matrix comes out as its own values, unrounded.
 * undefined where an activation or a normalisation lies between.
 */
export function linearHead(head: VectorHead): LinearHead | undefined {
  if (!head.affine) return undefined;
  const { classCount, pooledLength } = head;
  const zero = new Float64Array(pooledLength);
  return {
    weights: view(headWeights(head, zero), [classCount, pooledLength]),
    bias: view(Float32Array.from(headScores(head, zero)), [classCount]),
  };
}

function headWeights(head: VectorHead, zero: Float64Array): Float32Array {
  const { classCount, pooledLength, steps } = head;
  const [only, ...more] = steps.filter((step) => !step.identity);
  if (only?.matrix && more.length === 0) return rowMajor(only.matrix);
  const weights = new Float32Array(classCount * pooledLength);
  const cotangent = new Float64Array(classCount);
  for (let k = 0; k < classCount; k++) {
    cotangent[k] = 1;
    weights.set(headGradient(head, zero, cotangent), k * pooledLength);
    cotangent[k] = 0;
  }
  return weights;
}

/** A copy: what is handed out must not be the user's bytes. */
function rowMajor({
  weights: { values },
  outputs,
  inputs,
  outputStride,
  inputStride,
  scale,
}: StoredMatrix): Float32Array {
  if (inputStride === 1 && outputStride === inputs && scale === 1) return new Float32Array(values);
  const copy = new Float32Array(outputs * inputs);
  for (let k = 0; k < outputs; k++) {
    for (let c = 0; c < inputs; c++) {
      copy[k * inputs + c] = scale * values[k * outputStride + c * inputStride]!;
    }
  }
  return copy;
}
