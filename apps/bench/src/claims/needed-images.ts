import type { Interval } from '@hybridcam/metrics';

/** Beyond this a number would only pretend to be one. */
const MOST = 1_000_000;

/**
 * About how many images would decide, were the estimate to stay: an interval narrows with the square root of n, and it decides as soon as
 * it ends before the nearest of the `bounds` or lies between two of them. Always more than there are; at most a million.
 */
export function neededImages(
  estimate: number,
  interval: Interval,
  count: number,
  bounds: readonly number[],
): number {
  const half = (interval.high - interval.low) / 2;
  const room = Math.min(...bounds.map((bound) => Math.abs(estimate - bound)));
  const needed = room > 0 ? Math.ceil(count * (half / room) ** 2) : MOST;
  const digits = 10 ** Math.max(0, String(needed).length - 2);
  return Math.min(MOST, Math.max(count + 1, Math.ceil(needed / digits) * digits));
}
