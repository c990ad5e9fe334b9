import { NonFiniteError } from '@hybridcam/core';
import { midRanks } from './correlation.ts';
import { normalUpperTail } from './normal.ts';

export interface SignedRankTest {
  /** Sum of the ranks of positive differences. */
  readonly positiveRanks: number;
  readonly negativeRanks: number;
  /** Two-sided p-value. */
  readonly p: number;
  /** `exact` for up to 25 differences without ties and zeros, else `normal` (tie-corrected, no continuity correction). */
  readonly method: 'exact' | 'normal';
  /** Matched-pairs rank-biserial correlation, −1 … 1: (W⁺ − W⁻) / (W⁺ + W⁻). */
  readonly rankBiserial: number;
  readonly count: number;
}

/** Beyond this many pairs the normal approximation is used: its error is then far below any decision. */
const EXACT_LIMIT = 25;

/**
 * Wilcoxon's signed-rank test of paired differences; zeros are ranked and then dropped (Pratt).
 *
 * Undefined when every difference is zero: there is nothing to test.
 * @throws NonFiniteError on NaN or infinity
 */
export function wilcoxonSignedRank(differences: ArrayLike<number>): SignedRankTest | undefined {
  const values = Array.from(differences);
  if (!values.every(Number.isFinite))
    throw new NonFiniteError('wilcoxonSignedRank: expected finite differences.');
  const ranks = midRanks(values.map(Math.abs));
  let positiveRanks = 0;
  let negativeRanks = 0;
  let zeros = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > 0) positiveRanks += ranks[i]!;
    else if (values[i]! < 0) negativeRanks += ranks[i]!;
    else zeros++;
  }
  const count = values.length;
  if (zeros === count) return undefined;
  const tied = new Set(values.map(Math.abs)).size !== count;
  const exact = count <= EXACT_LIMIT && zeros === 0 && !tied;
  const smaller = Math.min(positiveRanks, negativeRanks);
  return {
    positiveRanks,
    negativeRanks,
    p: exact ? exactTwoSided(smaller, count) : normalTwoSided(smaller, values, zeros),
    method: exact ? 'exact' : 'normal',
    rankBiserial: (positiveRanks - negativeRanks) / (positiveRanks + negativeRanks),
    count,
  };
}

/** Counts, by dynamic programming, in how many of the 2ⁿ sign patterns the positive ranks sum to at most `statistic`. */
function exactTwoSided(statistic: number, count: number): number {
  const total = (count * (count + 1)) / 2;
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= count; rank++) {
    for (let sum = total; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  }
  let tail = 0;
  for (let sum = 0; sum <= statistic; sum++) tail += ways[sum]!;
  return Math.min(1, (2 * tail) / 2 ** count);
}

function normalTwoSided(statistic: number, values: readonly number[], zeros: number): number {
  const n = values.length;
  // Pratt: the ranks 1 … zeros belong to the zeros and are taken out of mean and variance.
  const mean = (n * (n + 1) - zeros * (zeros + 1)) / 4;
  let variance = n * (n + 1) * (2 * n + 1) - zeros * (zeros + 1) * (2 * zeros + 1);
  const sizes = new Map<number, number>();
  for (const value of values)
    if (value !== 0) sizes.set(Math.abs(value), (sizes.get(Math.abs(value)) ?? 0) + 1);
  for (const size of sizes.values()) variance -= (size ** 3 - size) / 2;
  const z = (statistic - mean) / Math.sqrt(variance / 24);
  return Math.min(1, 2 * normalUpperTail(Math.abs(z)));
}
