import { NonFiniteError, OptionError } from '@hybridcam/core';
import { seededRandom } from '../random.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Default 10 000. */
  readonly resamples?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/**
 * Percentile bootstrap interval of the mean, resampling images. For paired comparisons give the differences per image.
 * The same seed gives the same interval everywhere. With one value the interval is undefined.
 * @throws OptionError for fewer than 100 resamples or a confidence outside (0, 1); NonFiniteError on NaN or infinity
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  options: BootstrapOptions = {},
): Interval | undefined {
  const resamples = options.resamples ?? 10_000;
  const confidence = options.confidence ?? 0.95;
  if (!(Number.isInteger(resamples) && resamples >= 100)) {
    throw new OptionError(`bootstrapMean: expected 100 resamples or more; received ${resamples}.`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new OptionError(
      `bootstrapMean: expected a confidence between 0 and 1, exclusive; received ${confidence}.`,
    );
  }
  const count = values.length;
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(values[i]))
      throw new NonFiniteError(`bootstrapMean: expected finite values; received ${values[i]}.`);
  }
  if (count < 2) return undefined;
  const random = seededRandom(options.seed ?? 0);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[random.integer(count)]!;
    means[r] = sum / count;
  }
  means.sort();
  return {
    low: quantile(means, (1 - confidence) / 2),
    high: quantile(means, 1 - (1 - confidence) / 2),
  };
}

/** Linear interpolation between order statistics (numpy's default). */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
