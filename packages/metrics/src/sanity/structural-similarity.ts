import { type ArrayView, pack, ShapeError } from '@hybridcam/core';

const RADIUS = 5;
const SIGMA = 1.5;

/**
 * Structural similarity of two maps [height, width] of at least 11×11, −1 … 1: Gaussian window 11×11 with sigma 1.5, biased
 * variances, valid area, K = 0.01 and 0.03, data range = range of the pair. Two equal constants give 1.
 *
 * Wang et al., Image Quality Assessment, IEEE TIP 2004. Other libraries' defaults differ; this is the paper's.
 */
export function structuralSimilarity(a: ArrayView, b: ArrayView): number {
  const [height, width] = a.shape as [number, number];
  if (a.shape.length !== 2 || b.shape.length !== 2 || b.shape[0] !== height || b.shape[1] !== width) {
    throw new ShapeError(
      `structuralSimilarity: expected two maps of one size; received [${a.shape}] and [${b.shape}].`,
    );
  }
  if (height <= 2 * RADIUS || width <= 2 * RADIUS) {
    throw new ShapeError(
      `structuralSimilarity: expected maps of 11×11 or more; received ${height}×${width}. Upsample them first.`,
    );
  }
  const x = Float64Array.from(pack(a));
  const y = Float64Array.from(pack(b));
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    low = Math.min(low, x[i]!, y[i]!);
    high = Math.max(high, x[i]!, y[i]!);
  }
  if (high === low) return 1;
  const c1 = (0.01 * (high - low)) ** 2;
  const c2 = (0.03 * (high - low)) ** 2;
  const size = [height, width] as const;
  const meanX = window(x, size);
  const meanY = window(y, size);
  const squareX = window(
    x.map((value) => value * value),
    size,
  );
  const squareY = window(
    y.map((value) => value * value),
    size,
  );
  const product = window(
    x.map((value, i) => value * y[i]!),
    size,
  );
  let sum = 0;
  for (let i = 0; i < meanX.length; i++) {
    const mx = meanX[i]!;
    const my = meanY[i]!;
    const vx = squareX[i]! - mx * mx;
    const vy = squareY[i]! - my * my;
    const cov = product[i]! - mx * my;
    sum += ((2 * mx * my + c1) * (2 * cov + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2));
  }
  return sum / meanX.length;
}

/** Gaussian window over the valid area only. */
function window(values: Float64Array, [height, width]: readonly [number, number]): Float64Array {
  const taps = Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const norm = taps.reduce((sum, tap) => sum + tap, 0);
  const outWidth = width - 2 * RADIUS;
  const outHeight = height - 2 * RADIUS;
  const rows = new Float64Array(height * outWidth);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let t = 0; t < taps.length; t++) sum += taps[t]! * values[y * width + x + t]!;
      rows[y * outWidth + x] = sum / norm;
    }
  }
  const result = new Float64Array(outHeight * outWidth);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let t = 0; t < taps.length; t++) sum += taps[t]! * rows[(y + t) * outWidth + x]!;
      result[y * outWidth + x] = sum / norm;
    }
  }
  return result;
}
