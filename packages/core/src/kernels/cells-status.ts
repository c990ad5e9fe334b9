import { valueRange } from './value-range.ts';

/** Whether a map says anything, and if not, why. Degenerate maps are zeros or constants plus this, never NaN. */
export type Status =
  | 'ok'
  | 'no-positive-evidence'
  | 'disjoint-parents'
  | 'constant'
  | 'zero-gradient'
  | 'zero-activations';

type Cells = ArrayLike<number>;

/** `mapStatus` of numbers that were looked at before; the others are read where the map is empty. */
export function cellsStatus(
  cells: Cells,
  activations: () => Cells | undefined = nothing,
  gradients: () => Cells | undefined = nothing,
): Status {
  const { min, max } = valueRange(cells);
  // What float32 rounding leaves of a constant is no answer either, though min-max would stretch it over the whole range.
  if (max !== 0 && max - min <= 1e-6 * Math.abs(max)) return 'constant';
  if (max > 0) return 'ok';
  if (isZero(activations())) return 'zero-activations';
  return isZero(gradients()) ? 'zero-gradient' : 'no-positive-evidence';
}

function isZero(cells: Cells | undefined): boolean {
  if (cells === undefined) return false;
  const { min, max } = valueRange(cells);
  return min === 0 && max === 0;
}

function nothing(): undefined {}
