import { NonFiniteError, ShapeError } from '@hybridcam/core';
import { chiSquareUpperTail } from './chi-square.ts';
import { midRanks } from './correlation.ts';

export interface FriedmanTest {
  /** Chi-square with methods − 1 degrees of freedom, corrected for ties. */
  readonly statistic: number;
  readonly p: number;
  /** Mean rank of each method, 1 … methods; 1 is the lowest value. */
  readonly meanRanks: readonly number[];
}

/**
 * Friedman's test: do several methods differ at all, ranked image by image? Ask it before looking at pairs. `values[image][method]`.
 *
 * Undefined for fewer than three methods or two images, and where all methods tie on every image: there is nothing to test.
 * @throws ShapeError when images have different numbers of methods; NonFiniteError on NaN or infinity
 * @example friedman([[1, 2, 3], [1, 2, 3]])?.meanRanks // [1, 2, 3]
 */
export function friedman(values: readonly ArrayLike<number>[]): FriedmanTest | undefined {
  const methods = values[0]?.length ?? 0;
  const sums = new Float64Array(methods);
  let ties = 0;
  for (const row of values) {
    if (row.length !== methods)
      throw new ShapeError(`friedman: expected ${methods} methods for every image; received ${row.length}.`);
    if (!Array.from(row).every(Number.isFinite))
      throw new NonFiniteError('friedman: expected finite values; leave out images with a missing one.');
    midRanks(row).forEach((rank, method) => {
      sums[method]! += rank;
    });
    ties += tieTerm(row);
  }
  const images = values.length;
  const spread = images * methods * (methods ** 2 - 1) - ties;
  if (methods < 3 || images < 2 || spread === 0) return undefined;
  const square = sums.reduce((sum, ranks) => sum + (ranks - (images * (methods + 1)) / 2) ** 2, 0);
  // 12/(n·k·(k+1))·Σ(R − mean)², over 1 − ties/(n·k·(k² − 1)).
  const statistic = (12 * (methods - 1) * square) / spread;
  return {
    statistic,
    p: chiSquareUpperTail(statistic, methods - 1),
    meanRanks: Array.from(sums, (ranks) => ranks / images),
  };
}

/** Σ (t³ − t) over groups of t equal values. */
function tieTerm(row: ArrayLike<number>): number {
  const sizes = new Map<number, number>();
  for (let i = 0; i < row.length; i++) sizes.set(row[i]!, (sizes.get(row[i]!) ?? 0) + 1);
  let sum = 0;
  for (const size of sizes.values()) sum += size ** 3 - size;
  return sum;
}
