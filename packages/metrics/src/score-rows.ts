import { type ArrayView, pack, ShapeError, throwIfAborted, view } from '@hybridcam/core';
import { DEFAULT_BATCH_SIZE, type ScoreOptions, type Subject } from './subject.ts';

/**
 * Scores of class `classIndex` for `count` inputs of `shape` [channels, height, width], in batches of the subject's size. `fill` writes
 * one input; it is called in order, and the memory it writes to held another input before. What it wrote last is still there.
 * @returns float64, one score per input
 */
export async function scoreRows(
  subject: Subject,
  shape: readonly number[],
  count: number,
  fill: (row: number, into: Float32Array) => void,
  classIndex: number,
  options?: ScoreOptions,
): Promise<Float64Array> {
  const perInput = shape.reduce((product, extent) => product * extent, 1);
  const batchSize = Math.max(1, subject.batchSize ?? DEFAULT_BATCH_SIZE);
  const scores = new Float64Array(count);
  const buffer = takeBuffer(subject, Math.min(batchSize, count) * perInput);
  try {
    for (let start = 0; start < count; start += batchSize) {
      throwIfAborted(subject.signal, 'scoreRows');
      const size = Math.min(batchSize, count - start);
      for (let row = 0; row < size; row++)
        fill(start + row, buffer.subarray(row * perInput, (row + 1) * perInput));
      const batch = view(buffer.subarray(0, size * perInput), [size, ...shape]);
      copyColumn(await subject.score(batch, options), classIndex, scores.subarray(start, start + size));
    }
  } finally {
    spareBuffers.set(subject, buffer);
  }
  return scores;
}

/** The last batch of each subject, for the next: fresh megabytes for every curve cost page faults and collections. */
const spareBuffers = new WeakMap<Subject, Float32Array>();

/** Nobody else has it until it is given back: two curves of one subject may be under way. */
function takeBuffer(subject: Subject, length: number): Float32Array {
  const spare = spareBuffers.get(subject);
  spareBuffers.delete(subject);
  return spare && spare.length >= length ? spare : new Float32Array(length);
}

/** Score of one class for one input [channels, height, width]; the subject reads the input itself, not a copy. */
export async function scoreOf(subject: Subject, input: ArrayView, classIndex: number): Promise<number> {
  throwIfAborted(subject.signal, 'scoreOf');
  const score = new Float64Array(1);
  copyColumn(await subject.score(view(pack(input), [1, ...input.shape])), classIndex, score);
  return score[0]!;
}

/** The scores of one class, one for each row. @throws ShapeError when rows or classes are not what they should be */
export function copyColumn(rows: ArrayView, classIndex: number, into: Float64Array): void {
  const [batch, classes] = rows.shape;
  if (rows.shape.length !== 2 || batch !== into.length) {
    throw new ShapeError(
      `score: expected scores [${into.length}, classes] from the subject; received shape [${rows.shape}].`,
    );
  }
  if (!(Number.isInteger(classIndex) && classIndex >= 0 && classIndex < classes!)) {
    throw new ShapeError(`score: expected a class index below ${classes}; received ${classIndex}.`);
  }
  for (let row = 0; row < into.length; row++)
    into[row] = rows.data[rows.offset + row * rows.stride[0]! + classIndex * rows.stride[1]!]!;
}
