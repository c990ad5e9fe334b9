import { performance } from 'node:perf_hooks';
import {
  type ExplainRequest,
  type Explanation,
  explain,
  type MethodName,
  type Model,
  type NdArray,
  throwIfAborted,
} from '@hybridcam/core';

export interface Cost {
  readonly what: 'forward' | MethodName;
  readonly layers: readonly string[];
  /** Median of the runs. */
  readonly milliseconds: number;
  /** In forward passes. */
  readonly ratio: number;
  /** Of the map of the noise; null for the forward pass. */
  readonly status: Explanation['status'] | null;
}

const ROUNDS = 7;
/** A slow model need not be run as often: the answer is clear sooner. */
const ENOUGH_MILLISECONDS = 5000;

/** Medians of interleaved runs, so that what else the machine does falls on all alike. */
export async function measureCosts(
  model: Model,
  input: NdArray<Float32Array>,
  requests: readonly ExplainRequest[],
  signal: AbortSignal,
): Promise<Cost[]> {
  const forward = async (): Promise<void> => (await model.forward(input, { signal })).dispose();
  const runs = [
    forward,
    ...requests.map((request) => async () => void (await explain(model, input, { ...request, signal }))),
  ];
  // Not counted: the first run prepares what is prepared once.
  await forward();
  const statuses: Explanation['status'][] = [];
  for (const request of requests) {
    statuses.push((await explain(model, input, { ...request, signal })).status);
  }
  const times: number[][] = runs.map(() => []);
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, run] of runs.entries()) {
      throwIfAborted(signal, 'doctor');
      const started = performance.now();
      await run();
      times[i]!.push(performance.now() - started);
    }
    if (performance.now() - began > ENOUGH_MILLISECONDS) break;
  }
  const [alone, ...explained] = times.map(median);
  return [
    { what: 'forward', layers: [], milliseconds: alone!, ratio: 1, status: null },
    ...requests.map((request, i) => ({
      what: request.method as MethodName,
      layers: [request.targetLayer!].flat(),
      milliseconds: explained[i]!,
      ratio: explained[i]! / alone!,
      status: statuses[i]!,
    })),
  ];
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}
