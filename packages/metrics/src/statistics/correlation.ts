import { ShapeError } from '@hybridcam/core';
import { mean } from './mean.ts';

/** Pearson's correlation, −1 … 1; undefined where either side is constant or has fewer than two values. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  const count = a.length;
  if (b.length !== count) {
    throw new ShapeError(
      `correlation: expected as many values on both sides; received ${count} and ${b.length}.`,
    );
  }
  // Asked of the values themselves: a mean in floating point would leave a constant a variance of rounding errors.
  if (count < 2 || isConstant(a) || isConstant(b)) return undefined;
  const meanA = mean(a);
  const meanB = mean(b);
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < count; i++) {
    const da = a[i]! - meanA;
    const db = b[i]! - meanB;
    covariance += da * db;
    varianceA += da * da;
    varianceB += db * db;
  }
  return Math.max(-1, Math.min(1, covariance / Math.sqrt(varianceA * varianceB)));
}

/** Spearman's rank correlation with mid-ranks for ties; undefined where either side is constant. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  return pearson(midRanks(a), midRanks(b));
}

/** Ranks from 1, ascending; tied values share the mean of their ranks. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => values[i]! - values[j]!,
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    const rank = (start + end) / 2 + 1;
    for (let i = start; i <= end; i++) ranks[order[i]!] = rank;
    start = end + 1;
  }
  return ranks;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
