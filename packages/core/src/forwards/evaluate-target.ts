import type { NdArray } from 'ndarray';
import { assertFinite } from '../check.ts';
import { type AbortSignalLike, OptionError, ShapeError, throwIfAborted } from '../errors.ts';
import { view } from '../view.ts';

/**
 * What a method that probes the model knows of it: the target's value y for each of several inputs.
 * `inputs` [batch, channels, height, width]; resolves to [batch].
 */
export type EvaluateTarget = (inputs: NdArray<Float32Array>) => Promise<ArrayLike<number>>;

export interface ForwardRun {
  /** Inputs per call. Default 16. */
  readonly batchSize?: number | undefined;
  /** Looked at before every batch. */
  readonly signal?: AbortSignalLike | undefined;
  /** Called after every batch with the count of inputs evaluated so far. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export const defaultBatchSize = 16;

/** @throws OptionError for a batch size that is no integer ≥ 1 */
export function assertBatchSize(where: string, batchSize: number): void {
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new OptionError(`${where}: expected an integer batchSize ≥ 1; received ${batchSize}.`);
  }
}

/**
 * The target's value for `count` inputs of `shape` [channels, height, width], batch by batch: `fill` writes the one of a given
 * number. Never more than one batch of inputs exists.
 * @throws ShapeError, NonFiniteError for what `evaluate` answers; OptionError for a batch size that is no integer ≥ 1; AbortedError
 */
export async function evaluateInputs(
  where: string,
  evaluate: EvaluateTarget,
  count: number,
  shape: readonly number[],
  fill: (into: Float32Array, number: number) => void,
  { batchSize = defaultBatchSize, signal, onProgress }: ForwardRun,
): Promise<Float64Array> {
  assertBatchSize(where, batchSize);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = new Float64Array(count);
  for (let start = 0; start < count; start += batchSize) {
    throwIfAborted(signal, where);
    const batch = Math.min(batchSize, count - start);
    const data = new Float32Array(batch * size);
    for (let i = 0; i < batch; i++) fill(data.subarray(i * size, (i + 1) * size), start + i);
    const answers = await evaluate(view(data, [batch, ...shape]));
    if (answers.length !== batch) {
      throw new ShapeError(`${where}: expected ${batch} values of the target; received ${answers.length}.`);
    }
    assertFinite(where, 'target values', answers);
    values.set(answers, start);
    onProgress?.(start + batch, count);
  }
  return values;
}
