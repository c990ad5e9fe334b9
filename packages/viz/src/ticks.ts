/**
 * Round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`, both included where they are round; about
 * `count` of them. Zero is exactly 0.
 */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    // Rounding away the noise of i · step; adding 0 turns −0 into 0.
    ticks.push(Number((i * step).toPrecision(12)) + 0);
  }
  return ticks;
}
