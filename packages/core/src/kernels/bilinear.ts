export type Size = readonly [height: number, width: number];

/**
 * Bilinear resize of cells [height, width], in float64. Half-pixel centres; with `alignCorners` the outermost cells lie on the
 * outermost pixels instead.
 */
export function bilinear(
  cells: ArrayLike<number>,
  [fromHeight, fromWidth]: Size,
  [height, width]: Size,
  alignCorners = false,
): Float64Array {
  const rows = neighbours(fromHeight, height, alignCorners);
  const columns = neighbours(fromWidth, width, alignCorners);
  const widened = new Float64Array(fromHeight * width);
  for (let y = 0; y < fromHeight; y++) {
    for (let x = 0; x < width; x++) {
      const { low, high, weight } = columns[x]!;
      const left = cells[y * fromWidth + low]!;
      widened[y * width + x] = left + weight * (cells[y * fromWidth + high]! - left);
    }
  }
  const resized = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const { low, high, weight } = rows[y]!;
    for (let x = 0; x < width; x++) {
      const top = widened[low * width + x]!;
      resized[y * width + x] = top + weight * (widened[high * width + x]! - top);
    }
  }
  return resized;
}

interface Neighbours {
  readonly low: number;
  readonly high: number;
  /** Of `high`. */
  readonly weight: number;
}

/** The two source cells and their weights for every destination cell along one axis. */
function neighbours(from: number, to: number, alignCorners: boolean): Neighbours[] {
  return Array.from({ length: to }, (_, i) => {
    const position = alignCorners ? (i * (from - 1)) / Math.max(to - 1, 1) : ((i + 0.5) * from) / to - 0.5;
    const centre = Math.min(Math.max(position, 0), from - 1);
    const low = Math.floor(centre);
    return { low, high: Math.min(low + 1, from - 1), weight: centre - low };
  });
}
