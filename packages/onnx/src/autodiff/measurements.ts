import type { DataType } from '../proto/data-type.ts';

/** What one probe run found out, for one batch size. */
export interface Measurements {
  /** Pictures in that run. */
  readonly batch: number;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Values of tensors that do not depend on what the image shows: parameters and weights that the graph computes. */
  readonly values: ReadonlyMap<string, MeasuredValue>;
  /** Element types, where the model mixes float types; float32 otherwise. */
  readonly dataTypes: ReadonlyMap<string, DataType>;
}

export interface MeasuredValue {
  readonly dims: readonly number[];
  readonly dataType: DataType;
  readonly data: Float32Array | readonly number[];
}
