import { performance } from 'node:perf_hooks';

/** Something to time. `run` does the whole of it, once. */
export type SpeedCase = TimedCase | SelfTimedCase;

interface CaseFacts {
  readonly name: string;
  /** The layer explained; undefined where none is. */
  readonly layer?: string;
  /** Images in one forward pass. */
  readonly batch: number;
  /** Images (forward passes) that one run stands for; times are given per image. Default 1. */
  readonly images?: number;
}

export interface TimedCase extends CaseFacts {
  readonly timesItself?: false;
  run(): Promise<unknown>;
}

/** Of another process, which knows its own time better than we do across a pipe. */
export interface SelfTimedCase extends CaseFacts {
  readonly timesItself: true;
  /** Resolves to milliseconds. */
  run(): Promise<number>;
}

export interface SpeedResult {
  readonly name: string;
  readonly layer?: string;
  readonly batch: number;
  /** Median milliseconds. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Median over rounds of this case's time over the first case's in the same round: what a drifting machine cannot bend. */
  readonly ratio: number;
  readonly rounds: number;
}

export interface InterleaveOptions {
  readonly rounds: number;
  readonly warmup: number;
  readonly signal: AbortSignal;
  readonly onRound?: (round: number) => void;
}

/**
 * Times all cases in turn, round after round, so that whatever else the machine does hits them alike. Each timed run follows one of
 * the same case that is not timed (but where a run is many passes): the cases are sessions of their own over the same weights, which
 * push each other's out of the caches, and nobody who predicts only, or explains only, sees that.
 */
export async function interleave(
  cases: readonly SpeedCase[],
  options: InterleaveOptions,
): Promise<SpeedResult[]> {
  const times = cases.map((): number[] => []);
  for (let round = -options.warmup; round < options.rounds; round++) {
    for (const [i, timed] of cases.entries()) {
      const { batch, images = 1 } = timed;
      options.signal.throwIfAborted();
      if (images === batch) await timed.run();
      const elapsed = await milliseconds(timed);
      if (round >= 0) times[i]!.push(elapsed / images);
    }
    options.onRound?.(round);
  }
  return cases.map(({ name, layer, batch }, i) => {
    const sorted = [...times[i]!].sort((a, b) => a - b);
    const ratios = times[i]!.map((time, round) => time / times[0]![round]!).sort((a, b) => a - b);
    return {
      name,
      ...(layer === undefined ? {} : { layer }),
      batch,
      median: middle(sorted),
      low: sorted[Math.floor(sorted.length * 0.1)]!,
      high: sorted[Math.ceil(sorted.length * 0.9) - 1]!,
      ratio: middle(ratios),
      rounds: options.rounds,
    };
  });
}

/**
 * Each group interleaved by itself with its own first case, the denominator; the first case of later groups is left out of the result. Cases
 * that leave much garbage or evict the caches stand in other groups than the ones they would disturb.
 */
export async function interleaveGroups(
  groups: readonly (readonly SpeedCase[])[],
  options: InterleaveOptions,
): Promise<SpeedResult[]> {
  const results: SpeedResult[] = [];
  for (const [i, cases] of groups.entries()) {
    const timed = await interleave(cases, options);
    results.push(...(i === 0 ? timed : timed.slice(1)));
  }
  return results;
}

async function milliseconds(timed: SpeedCase): Promise<number> {
  if (timed.timesItself) return await timed.run();
  const started = performance.now();
  await timed.run();
  return performance.now() - started;
}

function middle(sorted: readonly number[]): number {
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
