import { OptionError, ShapeError } from '@hybridcam/core';
import { type BootstrapOptions, bootstrapMean, type Interval } from './bootstrap.ts';
import { mean } from './mean.ts';
import { normalUpperQuantile } from './normal.ts';
import { type SignedRankTest, wilcoxonSignedRank } from './wilcoxon.ts';
import { wilsonInterval } from './wilson.ts';

/**
 * `better` or `worse`: the interval of the mean difference excludes 0 on that side, and Wilcoxon's test agrees with p ≤ 0.05 (in a family
 * of comparisons Holm's adjusted p: `judgeFamily`). `equivalent`: the interval lies inside the equivalence region. `inconclusive`:
 * neither; `neededCount` says how many images would decide.
 */
export type Verdict = 'better' | 'worse' | 'equivalent' | 'inconclusive';

export interface PairedComparison {
  readonly count: number;
  /** Mean of candidate − reference. */
  readonly meanDifference: number;
  readonly interval: Interval | undefined;
  readonly standardDeviation: number;
  /** Mean difference over its standard deviation (Cohen's d_z); undefined where all differences are equal. */
  readonly effectSize: number | undefined;
  readonly test: SignedRankTest | undefined;
  /** Share of images on which the candidate is better; ties count half. */
  readonly winRate: number;
  readonly winInterval: Interval | undefined;
  /** Half-width of the equivalence region, in the metric's units. */
  readonly margin: number;
  readonly direction: ComparisonOptions['direction'];
  /** Images on which the two differ: an exact test of n of them cannot give a p below 2 / 2ⁿ. */
  readonly changedCount: number;
  readonly verdict: Verdict;
  /**
   * Images that give 80 % power to see a difference as large as the one measured, or as the equivalence margin where that is larger; set
   * when inconclusive and more than there are.
   */
  readonly neededCount: number | undefined;
}

export interface ComparisonOptions extends BootstrapOptions {
  readonly direction: 'higher-is-better' | 'lower-is-better';
  /** Half-width of the equivalence region, in the metric's units. Default: 1 % of |mean of the reference|. */
  readonly margin?: number;
}

/** Two-sided level of every verdict. */
export const SIGNIFICANCE = 0.05;

const POWER = 0.8;

/**
 * Compares two methods on the same images: mean difference with a bootstrap interval, Wilcoxon test, effect size, win rate, and
 * a verdict in the direction that is better for the metric. Several comparisons that are read together go through `judgeFamily`.
 * @throws ShapeError when the lists differ in length or are empty; OptionError for a negative margin
 */
export function comparePaired(
  candidate: ArrayLike<number>,
  reference: ArrayLike<number>,
  options: ComparisonOptions,
): PairedComparison {
  const count = candidate.length;
  if (count === 0 || reference.length !== count) {
    throw new ShapeError(
      `comparePaired: expected one value per image for both methods; received ${count} and ${reference.length}.`,
    );
  }
  const differences = Float64Array.from({ length: count }, (_, i) => candidate[i]! - reference[i]!);
  const meanDifference = mean(differences);
  const margin = options.margin ?? 0.01 * Math.abs(mean(reference));
  if (!(margin >= 0))
    throw new OptionError(`comparePaired: expected a margin of 0 or more; received ${margin}.`);
  const standardDeviation = deviation(differences, meanDifference);
  const interval = bootstrapMean(differences, options);
  const sign = options.direction === 'higher-is-better' ? 1 : -1;
  let wins = 0;
  let changedCount = 0;
  for (const difference of differences) {
    wins += difference === 0 ? 0.5 : sign * difference > 0 ? 1 : 0;
    if (difference !== 0) changedCount++;
  }
  const test = wilcoxonSignedRank(differences);
  const measured = { count, meanDifference, interval, standardDeviation, margin, changedCount };
  // The approximation for tied differences may promise more than so few images can give.
  const p = test && Math.max(test.p, smallestP(changedCount));
  const verdict = decide({ interval, margin, direction: options.direction }, p);
  return {
    ...measured,
    direction: options.direction,
    effectSize: standardDeviation > 0 ? meanDifference / standardDeviation : undefined,
    test,
    winRate: wins / count,
    winInterval: wilsonInterval(wins, count),
    verdict,
    neededCount: verdict === 'inconclusive' ? neededImages(measured) : undefined,
  };
}

/** What an exact two-sided test of that many differences gives when all agree. */
export function smallestP(changedCount: number): number {
  return Math.min(1, 2 ** (1 - changedCount));
}

/**
 * By the normal approximation, (z of the level + z of the power)² · (deviation / difference)². undefined where the images at hand are
 * already enough for that power, or where there is no difference to see.
 * @param level two-sided; in a family the one that Holm's smallest p is held to
 */
export function neededImages(
  {
    meanDifference,
    standardDeviation,
    margin,
    count,
  }: Pick<PairedComparison, 'meanDifference' | 'standardDeviation' | 'margin' | 'count'>,
  level: number = SIGNIFICANCE,
): number | undefined {
  const difference = Math.max(Math.abs(meanDifference), margin);
  if (difference === 0) return undefined;
  const z = normalUpperQuantile(level / 2) + normalUpperQuantile(1 - POWER);
  const needed = Math.max(2, Math.ceil((z * (standardDeviation / difference)) ** 2));
  return needed > count ? needed : undefined;
}

/**
 * An interval that excludes 0 but lies inside the margin is a real difference too small to matter: equivalent.
 * @param p undefined where no test can tell
 */
export function decide(
  { interval, margin, direction }: Pick<PairedComparison, 'interval' | 'margin' | 'direction'>,
  p: number | undefined,
): Verdict {
  if (!interval) return 'inconclusive';
  if (interval.low >= -margin && interval.high <= margin) return 'equivalent';
  if (p === undefined || p > SIGNIFICANCE) return 'inconclusive';
  const sign = direction === 'higher-is-better' ? 1 : -1;
  if (interval.low > 0) return sign > 0 ? 'better' : 'worse';
  if (interval.high < 0) return sign > 0 ? 'worse' : 'better';
  return 'inconclusive';
}

function deviation(values: ArrayLike<number>, average: number): number {
  if (values.length < 2) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - average) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}
