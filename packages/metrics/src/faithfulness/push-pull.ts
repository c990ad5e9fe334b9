/** One level of the pyramid: averages of the known pixels, and how many there were (0: nothing known yet). */
interface Level {
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/**
 * A smooth first guess for missing pixels, in place: averages of known pixels are pulled up a pyramid until every cell knows
 * something, then pushed down into the holes. Linear in the number of pixels.
 *
 * A solver that starts here has only fine detail left to find; the large smooth parts, which cost it hundreds of steps, are done.
 */
export function pushPull(
  channel: Float64Array,
  missing: ArrayLike<number>,
  height: number,
  width: number,
): void {
  const levels: Level[] = [
    {
      height,
      width,
      values: channel,
      weights: Float64Array.from({ length: channel.length }, (_, i) => (missing[i] ? 0 : 1)),
    },
  ];
  for (let level = levels[0]!; level.height > 1 || level.width > 1; level = levels.at(-1)!)
    levels.push(coarser(level));
  for (let i = levels.length - 2; i >= 0; i--) fillFrom(levels[i + 1]!, levels[i]!);
}

function coarser(fine: Level): Level {
  const height = Math.ceil(fine.height / 2);
  const width = Math.ceil(fine.width / 2);
  const values = new Float64Array(height * width);
  const weights = new Float64Array(height * width);
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const from = y * fine.width + x;
      const to = (y >> 1) * width + (x >> 1);
      values[to]! += fine.weights[from]! * fine.values[from]!;
      weights[to]! += fine.weights[from]!;
    }
  }
  for (let i = 0; i < values.length; i++) {
    if (weights[i]! > 0) values[i]! /= weights[i]!;
    weights[i] = Math.min(1, weights[i]!);
  }
  return { height, width, values, weights };
}

/** Bilinear, so that the guess has no steps at the borders of coarse cells. */
function fillFrom(coarse: Level, fine: Level): void {
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const i = y * fine.width + x;
      if (fine.weights[i]! > 0) continue;
      const y1 = y >> 1;
      const x1 = x >> 1;
      const y2 = Math.min(coarse.height - 1, Math.max(0, y1 + (y & 1 ? 1 : -1)));
      const x2 = Math.min(coarse.width - 1, Math.max(0, x1 + (x & 1 ? 1 : -1)));
      const at = (row: number, column: number) => coarse.values[row * coarse.width + column]!;
      fine.values[i] = (9 * at(y1, x1) + 3 * at(y1, x2) + 3 * at(y2, x1) + at(y2, x2)) / 16;
    }
  }
}
