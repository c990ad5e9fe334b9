import { OptionError } from '@hybridcam/core';

/** How many pixels have been changed at each point of a curve; both ends included. */
export type StepGrid =
  /** RISE: `step` pixels at a time. */
  | { readonly step: number }
  /** `steps` equal intervals, rounded to whole pixels. Nested grids double: 7, 14, 28, 56, 112, 224. */
  | { readonly steps: number };

/**
 * Pixel counts of a grid over `pixels` pixels: 0 … pixels, strictly increasing.
 * @throws OptionError unless `step` or `steps` is a whole number of 1 or more
 * @example stepCounts({ steps: 2 }, 10) // [0, 5, 10]
 * @example stepCounts({ step: 4 }, 10) // [0, 4, 8, 10]
 */
export function stepCounts(grid: StepGrid, pixels: number): number[] {
  const amount = 'step' in grid ? grid.step : grid.steps;
  if (!(Number.isInteger(amount) && amount >= 1)) {
    throw new OptionError(`stepCounts: expected a whole number of 1 or more; received ${amount}.`);
  }
  if ('step' in grid) {
    const counts = [];
    for (let count = 0; count < pixels; count += grid.step) counts.push(count);
    counts.push(pixels);
    return counts;
  }
  const counts = Array.from({ length: grid.steps + 1 }, (_, i) => Math.round((i * pixels) / grid.steps));
  return counts.filter((count, i) => i === 0 || count > counts[i - 1]!);
}
