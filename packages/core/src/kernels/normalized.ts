import { valueRange } from './value-range.ts';

/**
 * `max`: divided by the maximum, negative values become 0. `minmax`: minimum to 0, maximum to 1. `none`: as it is.
 * They agree where the minimum is 0; elsewhere `minmax` erases a weak response that is everywhere.
 */
export type Normalization = 'max' | 'minmax' | 'none';

export const normalizations: readonly Normalization[] = ['max', 'minmax', 'none'];

/** The cells of `normalize`, of a map that was looked at before. */
export function normalized(values: Float32Array, kind: Normalization, epsilon: number): Float64Array {
  const cells = new Float64Array(values);
  if (kind === 'none') return cells;
  const { min, max } = valueRange(values);
  const low = kind === 'minmax' ? min : 0;
  const extent = max - low;
  const divisor = extent + epsilon;
  return cells.map((value) => (extent > 0 && value > low ? (value - low) / divisor : 0));
}
