import { normalized } from './normalized.ts';

/** The cells of `fuse`, of two maps of one size that were looked at before. */
export function fused(
  first: Float32Array,
  second: Float32Array,
  alpha: number,
  epsilon: number,
): Float64Array {
  const a = normalized(first, 'max', epsilon);
  const b = normalized(second, 'max', epsilon);
  if (alpha === 1) return a;
  if (alpha === 0) return b;
  // x^α · y^(1−α) = exp(α·ln x + (1−α)·ln y), four times faster than two powers; ln 0 · 0 is kept out by the zeros' own branch.
  return a.map((x, i) => {
    const y = b[i]!;
    return x === 0 || y === 0 ? 0 : Math.exp(alpha * Math.log(x) + (1 - alpha) * Math.log(y));
  });
}
