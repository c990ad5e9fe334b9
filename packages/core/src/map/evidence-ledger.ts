import type { NdArray } from 'ndarray';
import { assertFinite, readArray } from '../check.ts';
import { ShapeError, UnsupportedError } from '../errors.ts';
import { toMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { LinearHead } from '../model.ts';
import type { ArrayView } from '../view.ts';

/** score = bias + Σ cells, up to `residual`: an account of the score, cell by cell, in the score's own units. */
export interface EvidenceLedger {
  readonly score: number;
  readonly bias: number;
  /** [height, width], signed. */
  readonly cells: NdArray<Float32Array>;
  /** score − bias − Σ cells: what float32 rounding in the model leaves open. */
  readonly residual: number;
}

export interface LedgerEntry {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/**
 * Splits a linear target of the scores over the cells of the layer under a global-average-pooling + linear head.
 *
 * `activations` [channels, height, width]; `head` as the model gives it; `cotangent` [classes], the target's coefficients
 * (one 1 for a logit, 1 and −1 for a margin); `score` the target's value.
 *
 *     y = b + Σ_ij cell_ij        cell_ij = Σ_k w_k · A_kij / (height·width)
 * @throws ShapeError, NonFiniteError
 * @throws UnsupportedError when the cells and the bias do not add up to the score: then this head is not linear after pooling
 */
export function evidenceLedger(
  activations: ArrayView,
  head: LinearHead,
  cotangent: ArrayLike<number>,
  score: number,
): EvidenceLedger {
  const where = 'evidenceLedger';
  const a = readArray(where, 'activations', activations, ['channels', 'height', 'width']);
  const [channels, height, width] = activations.shape as [number, number, number];
  const { weights, bias } = targetWeights(head, cotangent);
  if (weights.length !== channels) {
    throw new ShapeError(
      `${where}: expected head.weights [classes, ${channels}]; received [${head.weights.shape}].`,
    );
  }
  const cells = weightedSum({ activations: a, channels, cells: height * width }, weights).map(
    (value) => value / (height * width),
  );
  const sum = cells.reduce((total, value) => total + value, 0);
  const magnitude = cells.reduce((total, value) => total + Math.abs(value), Math.abs(bias) + Math.abs(score));
  const residual = score - bias - sum;
  if (!(Math.abs(residual) <= 1e-3 * magnitude)) {
    throw new UnsupportedError(
      `${where}: expected bias + Σ cells = score; received ${bias + sum} for a score of ${score}. ` +
        'The head is not global average pooling + linear, so no exact account exists.',
    );
  }
  return { score, bias, cells: toMap(where, cells, height, width), residual };
}

/** The `count` cells of largest magnitude, largest first; ties in row-major order. */
export function topCells(ledger: EvidenceLedger, count: number): LedgerEntry[] {
  const width = ledger.cells.shape[1]!;
  return Array.from(ledger.cells.data, (value, i) => ({
    row: Math.floor(i / width),
    column: i % width,
    value,
  }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, count);
}

/** Σ_c cotangent_c · (weights_c, bias_c): the head's row for a linear target. */
export function targetWeights(
  head: LinearHead,
  cotangent: ArrayLike<number>,
): { weights: Float64Array; bias: number } {
  const where = 'targetWeights';
  const matrix = readArray(where, 'head.weights', head.weights, ['classes', 'channels']);
  const biases = readArray(where, 'head.bias', head.bias, ['classes']);
  const [classes, channels] = head.weights.shape as [number, number];
  if (biases.length !== classes || cotangent.length !== classes) {
    throw new ShapeError(
      `${where}: expected ${classes} biases and coefficients, one per class; received ${biases.length} and ${cotangent.length}.`,
    );
  }
  assertFinite(where, 'cotangent', cotangent);
  const weights = new Float64Array(channels);
  let bias = 0;
  for (let c = 0; c < classes; c++) {
    const coefficient = cotangent[c]!;
    if (coefficient === 0) continue;
    bias += coefficient * biases[c]!;
    for (let k = 0; k < channels; k++) weights[k]! += coefficient * matrix[c * channels + k]!;
  }
  return { weights, bias };
}
