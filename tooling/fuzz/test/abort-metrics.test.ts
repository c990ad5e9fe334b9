import { type NdArray, pack, view } from '@hybridcam/core';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import { expect, test } from 'vitest';
import {
  areaBetweenPerturbationCurves,
  averageDrop,
  createImageCache,
  curve,
  type ImageCache,
  muFidelity,
  road,
  type Subject,
} from '../../../packages/metrics/src/index.ts';
import { expectRefusedEverywhere } from '../src/expect-refused-everywhere.ts';

const SIDE = 12;
const image = view(
  Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => Math.sin(i * 0.7)),
  [3, SIDE, SIDE],
);
const map = view(
  Float32Array.from({ length: SIDE * SIDE }, (_, i) => Math.abs(Math.sin(i * 0.3))),
  [SIDE, SIDE],
);

/** Batches that were asked for though the signal had fired. */
let superfluous = 0;

/** Scores that take a turn of the event loop: the mean of each picture and its opposite, both above zero. */
function subject(signal: AbortSignal): Subject {
  return {
    score: async (input: NdArray<Float32Array>) => {
      if (signal.aborted) superfluous++;
      await new Promise((resolve) => setImmediate(resolve));
      const batch = input.shape[0]!;
      const values = pack(input);
      const size = values.length / batch;
      const scores = new Float32Array(2 * batch);
      for (let row = 0; row < batch; row++) {
        const mean = values.subarray(row * size, (row + 1) * size).reduce((a, b) => a + b, 0) / size;
        scores.set([2 + mean, 2 - mean], 2 * row);
      }
      return view(scores, [batch, 2]);
    },
    scoreKind: 'logit',
    batchSize: 4,
    signal,
  };
}

type Metric = (asked: Subject, cache: ImageCache) => Promise<unknown>;
test.each<[string, Metric, number]>([
  ['insertion', (asked, cache) => curve(asked, image, 0, map, { mode: 'insertion', cache }), 7],
  ['deletion', (asked, cache) => curve(asked, image, 0, map, { mode: 'deletion', cache }), 7],
  [
    'areaBetweenPerturbationCurves',
    (asked, cache) => areaBetweenPerturbationCurves(asked, image, 0, map, { protocol: 'torchcam', cache }),
    8,
  ],
  ['road', (asked, cache) => road(asked, image, 0, map, { cache }), 6],
  ['muFidelity', (asked, cache) => muFidelity(asked, image, 0, map, { samples: 20, gridSize: 3, cache }), 7],
  ['averageDrop', (asked) => averageDrop(asked, image, 0, map), 6],
])(
  '%s asks for no further batch, and the cache of the image still serves the next',
  async (_, metric, tail) => {
    superfluous = 0;
    let left: ImageCache | undefined;
    const operation = async (signal: AbortSignal): Promise<unknown> => {
      // The run behind an aborted one takes over what that had found out.
      const cache = left ?? createImageCache();
      left = undefined;
      try {
        return await metric(subject(signal), cache);
      } catch (error) {
        left = cache;
        throw error;
      }
    };
    const report = await abortAtEveryAwait(operation, {
      digest: (value) => value,
      check: () => expect(superfluous).toBe(0),
    });
    // Behind the last batch nothing is asked for any more.
    expectRefusedEverywhere(report, tail);
  },
);
