import {
  type AbortSignalLike,
  centredMap,
  type Model,
  type NdArray,
  pack,
  randomMap,
  throwIfAborted,
  toProbabilities,
  upsample,
  view,
} from '@hybridcam/core';
import { createImageCache, curve, resolveProtocol, type Subject, stepCounts } from '@hybridcam/metrics';
import type { CurvePoints, CurveSubject, CurvesParams, CurvesResult } from '../protocol.ts';
import { pause } from './pause.ts';

/** Of the random control. Cells as coarse as a map's, so that it is rough in the same way. */
const randomSeed = 1;
const randomCells = 7;
const batchSize = 8;

/**
 * Insertion and deletion of a map and of its two controls, RISE protocol, probability of the class. Points are reported as they come;
 * between batches the worker reads its messages, so that it can be cancelled and the page stays answered.
 * @throws AbortedError
 */
export async function liveCurves(
  model: Model,
  input: NdArray<Float32Array>,
  { map, classIndex }: CurvesParams,
  onPoints: (points: CurvePoints) => void,
  signal: AbortSignalLike,
): Promise<CurvesResult> {
  const started = performance.now();
  const [, channels, height, width] = input.shape as [number, number, number, number];
  const image = view(pack(input), [channels, height, width]);
  const maps: Record<CurveSubject, NdArray<Float32Array>> = {
    map: view(map, [height, width]),
    random: upsample(randomMap(randomCells, randomCells, randomSeed), height, width),
    centre: centredMap(height, width),
  };
  const protocol = resolveProtocol('rise');
  const fractions = stepCounts(protocol.grid, height * width).map((count) => count / (height * width));
  const cache = createImageCache();
  const curves: { subject: CurveSubject; curve: CurvesResult['curves'][number]['curve'] }[] = [];
  for (const subject of ['map', 'random', 'centre'] as const) {
    for (const mode of ['insertion', 'deletion'] as const) {
      const scores: number[] = [];
      // The picture and the two baselines are scored before the first points that need them, and kept for the other maps.
      let ends = subject !== 'map' ? 0 : mode === 'insertion' ? 2 : 1;
      const scored: Subject = {
        scoreKind: 'probability',
        batchSize: Math.min(batchSize, model.input.batch ?? batchSize),
        signal,
        async score(batch) {
          const rows = await probabilities(model, batch, signal);
          if (ends > 0) ends--;
          else {
            for (let row = 0; row < batch.shape[0]!; row++) scores.push(rows.get(row, classIndex));
            onPoints({
              subject,
              mode,
              fractions: fractions.slice(1, scores.length + 1),
              scores: [...scores],
            });
          }
          await pause();
          throwIfAborted(signal, 'curves');
          return rows;
        },
      };
      const found = await curve(scored, image, classIndex, maps[subject], { mode, protocol, cache });
      curves.push({ subject, curve: found });
      onPoints({ subject, mode, fractions: found.fractions, scores: found.scores });
    }
  }
  return { curves, elapsedMs: performance.now() - started };
}

async function probabilities(
  model: Model,
  batch: NdArray<Float32Array>,
  signal: AbortSignalLike,
): Promise<NdArray<Float32Array>> {
  const pass = await model.forward(batch, { signal });
  try {
    const [rows, classes] = pass.logits.shape as [number, number];
    const scores = pack(pass.logits);
    if (pass.scoreKind === 'probability') return view(scores.slice(), [rows, classes]);
    const result = new Float32Array(rows * classes);
    for (let row = 0; row < rows; row++) {
      result.set(toProbabilities(scores.subarray(row * classes, (row + 1) * classes)), row * classes);
    }
    return view(result, [rows, classes]);
  } finally {
    pass.dispose();
  }
}
