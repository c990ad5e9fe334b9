import { short } from '../summary/summary-table.ts';

/** One sentence of the reference notebook, what tests it, and how it fares on these images. */
export interface Claim {
  readonly sentence: string;
  readonly protocol: string;
  readonly count: number;
  /** What was found with its 95 % interval, or why nothing was. */
  readonly finding: string;
  readonly verdict: 'holds' | 'fails' | 'undecided';
  /** Images that would decide, where these do not. */
  readonly needed: number | undefined;
}

/** `+0.012 [+0.004, +0.02]` */
export function withInterval(
  value: number,
  interval: { readonly low: number; readonly high: number },
): string {
  return `${signed(value)} [${signed(interval.low)}, ${signed(interval.high)}]`;
}

function signed(value: number): string {
  return value > 0 ? `+${short(value)}` : short(value);
}
