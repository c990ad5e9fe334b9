/**
 * Whether no value is NaN or infinite. It runs on every picture, so it makes one sum of all: NaN and infinity survive every later
 * addition, and finite float32 values cannot overflow a float64 sum.
 */
export function allFinite(values: Float32Array): boolean {
  let sum = 0;
  const whole = values.length & ~7;
  // Sums of pairs of pairs: the additions of one step do not wait for each other.
  for (let i = 0; i < whole; i += 8) {
    sum +=
      values[i]! +
      values[i + 1]! +
      (values[i + 2]! + values[i + 3]!) +
      (values[i + 4]! + values[i + 5]! + (values[i + 6]! + values[i + 7]!));
  }
  for (let i = whole; i < values.length; i++) sum += values[i]!;
  return Number.isFinite(sum);
}
