import type { Interval } from './bootstrap.ts';

/** Two-sided 95 % quantile of the normal. */
const Z95 = 1.959963984540054;

/** Wilson's 95 % interval for a share of `successes` in `trials`; undefined for no trials. */
export function wilsonInterval(successes: number, trials: number): Interval | undefined {
  if (trials === 0) return undefined;
  const share = successes / trials;
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (Z95 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
