import { type ArrayView, pack, ShapeError, throwIfAborted, view } from '@hybridcam/core';
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
  // Along a curve each step only adds pixels: one picture is changed in place and copied, so every pixel is touched once.
  const current = original.slice();
  let changed = 0;
  const compose = (row: number, into: Float32Array) => {
    const count = Math.min(counts[row]!, pixels);
    if (count < changed) {
      current.set(original);
      changed = 0;
    }
    for (; changed < count; changed++) {
      const pixel = pixelAt[changed]!;
      for (let c = 0; c < channels; c++) current[c * pixels + pixel] = substitute[c * pixels + pixel]!;
    }
    into.set(current);
  };
  return scoreRows(subject, shape, counts.length, compose, classIndex);
}
