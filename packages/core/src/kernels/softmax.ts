/** exp(y_i − max y) / Σ_j exp(y_j − max y), of any length: [1] for a single number. */
export function softmax(values: ArrayLike<number>): Float64Array {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!;
  const probabilities = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const exponential = Math.exp(values[i]! - max);
    probabilities[i] = exponential;
    sum += exponential;
  }
  for (let i = 0; i < probabilities.length; i++) probabilities[i]! /= sum;
  return probabilities;
}
