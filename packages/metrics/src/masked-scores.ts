import { type ArrayView, pack, ShapeError, throwIfAborted, view } from '@hybridcam/core';
import { DEFAULT_BATCH_SIZE, type Subject } from './subject.ts';

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
  const scores = new Float64Array(counts.length);
  if (counts.length === 0) return scores;
  const original = pack(input);
  const substitute = pack(replacement);
  if (subject.scoreMasked) {
    throwIfAborted(subject.signal, 'maskedScores');
    const shape = [channels, height, width];
    const rows = await subject.scoreMasked(view(original, shape), view(substitute, shape), ranks, counts);
    readColumn(rows, classIndex, scores, 0, counts.length);
    return scores;
  }
  const batchSize = Math.max(1, subject.batchSize ?? DEFAULT_BATCH_SIZE);
  const pixelAt = new Int32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) pixelAt[ranks[pixel]!] = pixel;
  // Along a curve each step only adds pixels: one picture is changed in place and copied, so every pixel is touched once.
  const current = original.slice();
  let changed = 0;
  for (let start = 0; start < counts.length; start += batchSize) {
    throwIfAborted(subject.signal, 'maskedScores');
    const size = Math.min(batchSize, counts.length - start);
    const batch = new Float32Array(size * channels * pixels);
    for (let row = 0; row < size; row++) {
      const count = Math.min(counts[start + row]!, pixels);
      if (count < changed) {
        current.set(original);
        changed = 0;
      }
      for (; changed < count; changed++) {
        const pixel = pixelAt[changed]!;
        for (let c = 0; c < channels; c++) current[c * pixels + pixel] = substitute[c * pixels + pixel]!;
      }
      batch.set(current, row * channels * pixels);
    }
    readColumn(
      await subject.score(view(batch, [size, channels, height, width])),
      classIndex,
      scores,
      start,
      size,
    );
  }
  return scores;
}

/** Score of one class for one input [channels, height, width]. */
export async function scoreOf(subject: Subject, input: ArrayView, classIndex: number): Promise<number> {
  throwIfAborted(subject.signal, 'scoreOf');
  const scores = new Float64Array(1);
  readColumn(await subject.score(view(pack(input), [1, ...input.shape])), classIndex, scores, 0, 1);
  return scores[0]!;
}

function readColumn(
  rows: ArrayView,
  classIndex: number,
  into: Float64Array,
  start: number,
  count: number,
): void {
  const [batch, classes] = rows.shape;
  if (rows.shape.length !== 2 || batch !== count) {
    throw new ShapeError(
      `score: expected scores [${count}, classes] from the subject; received shape [${rows.shape}].`,
    );
  }
  if (!(Number.isInteger(classIndex) && classIndex >= 0 && classIndex < classes!)) {
    throw new ShapeError(`score: expected a class index below ${classes}; received ${classIndex}.`);
  }
  for (let row = 0; row < count; row++) {
    into[start + row] = rows.data[rows.offset + row * rows.stride[0]! + classIndex * rows.stride[1]!]!;
  }
}
