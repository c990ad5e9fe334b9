import { type ArrayView, allFinite, pack, ShapeError, throwIfAborted, view } from '@hybridcam/core';
import { copyColumn, scoreRows } from './score-rows.ts';
import type { Subject } from './subject.ts';

/**
 * Scores of class `classIndex` when the `counts[i]` first-ranked pixels of `input` [channels, height, width] are replaced by
 * `replacement`'s (all channels of a pixel together). Composed by the runtime where the subject can, else in batches here.
 * @returns float64, one score per count
 */
export async function maskedScores(
  subject: Subject,
  input: ArrayView,
  replacement: ArrayView,
  ranks: Int32Array,
  counts: readonly number[],
  classIndex: number,
): Promise<Float64Array> {
  const [channels, height, width] = input.shape as [number, number, number];
  const pixels = height * width;
  if (ranks.length !== pixels) {
    throw new ShapeError(
      `maskedScores: expected one rank for each of ${height}×${width} pixels; received ${ranks.length}. The map must have the input's size.`,
    );
  }
  if (counts.length === 0) return new Float64Array(0);
  const shape = [channels, height, width];
  const original = pack(input);
  const substitute = pack(replacement);
  if (subject.scoreMasked) {
    throwIfAborted(subject.signal, 'maskedScores');
    const rows = await subject.scoreMasked(view(original, shape), view(substitute, shape), ranks, counts);
    const scores = new Float64Array(counts.length);
    copyColumn(rows, classIndex, scores);
    return scores;
  }
  const pixelAt = new Int32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) pixelAt[ranks[pixel]!] = pixel;
  // Along a curve each step only adds pixels: a row is the one before, wherever that lies in the batch, and what the step changes.
  let last = original;
  let changed = 0;
  const compose = (row: number, into: Float32Array) => {
    const count = Math.min(counts[row]!, pixels);
    if (count < changed) {
      last = original;
      changed = 0;
    }
    into.set(last);
    for (; changed < count; changed++) {
      const pixel = pixelAt[changed]!;
      for (let c = 0; c < channels; c++) into[c * pixels + pixel] = substitute[c * pixels + pixel]!;
    }
    last = into;
  };
  const knownFinite = allFinite(original) && allFinite(substitute);
  return scoreRows(subject, shape, counts.length, compose, classIndex, { knownFinite });
}
