/**
 * Filters each channel of `source` [channels, height, width] along its rows, then along its columns, with the same odd number of taps, in
 * float64. Beyond the border lies `zero`, or the picture reflected at the edge of its last pixel.
 */
export function separableFilter(
  source: Float32Array,
  result: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  taps: readonly number[],
  border: 'zero' | 'reflect',
): void {
  const radius = (taps.length - 1) / 2;
  // A row with its border, and below the rows one of zeros, so that no tap needs a test: a zero added changes no bit of a sum.
  const line = new Float64Array(width + 2 * radius);
  const rows = new Float64Array((height + 1) * width);
  const inLine = Array.from(line, (_, i) => borderIndex(i - radius, width, border));
  const alongLine = taps.map((_, t) => t);
  const alongRows = Array.from({ length: height }, (_, y) =>
    taps.map((_, t) => {
      const row = borderIndex(y + t - radius, height, border);
      return (row < 0 ? height : row) * width;
    }),
  );
  const sums = new Float64Array(width);
  for (let c = 0; c < channels; c++) {
    const start = c * height * width;
    for (let y = 0; y < height; y++) {
      for (let i = 0; i < line.length; i++) {
        const at = inLine[i]!;
        line[i] = at < 0 ? 0 : source[start + y * width + at]!;
      }
      addTaps(sums, line, taps, alongLine);
      rows.set(sums, y * width);
    }
    for (let y = 0; y < height; y++) {
      addTaps(sums, rows, taps, alongRows[y]!);
      result.set(sums, start + y * width);
    }
  }
}

/** sums[x] = Σ_t taps[t] · values[starts[t] + x], added in the order of the taps, whichever way the loops go. */
function addTaps(
  sums: Float64Array,
  values: Float64Array,
  taps: readonly number[],
  starts: readonly number[],
): void {
  sums.fill(0);
  let t = 0;
  // Four taps a pass: a sum is read and written a quarter as often.
  for (; t + 4 <= taps.length; t += 4) {
    const [tapA, tapB, tapC, tapD] = [taps[t]!, taps[t + 1]!, taps[t + 2]!, taps[t + 3]!];
    const [a, b, c, d] = [starts[t]!, starts[t + 1]!, starts[t + 2]!, starts[t + 3]!];
    for (let x = 0; x < sums.length; x++) {
      sums[x] =
        sums[x]! +
        tapA * values[a + x]! +
        tapB * values[b + x]! +
        tapC * values[c + x]! +
        tapD * values[d + x]!;
    }
  }
  for (; t < taps.length; t++) {
    const tap = taps[t]!;
    const start = starts[t]!;
    for (let x = 0; x < sums.length; x++) sums[x]! += tap * values[start + x]!;
  }
}

/** −1 for a tap that sees zero padding; otherwise the (half-sample) reflected index. */
function borderIndex(index: number, extent: number, border: 'zero' | 'reflect'): number {
  if (index >= 0 && index < extent) return index;
  if (border === 'zero') return -1;
  const period = 2 * extent;
  const folded = ((index % period) + period) % period;
  return folded < extent ? folded : period - 1 - folded;
}
