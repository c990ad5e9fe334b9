/** Scores that no softmax could be stripped from, and that yet are a distribution over classes for every image. */
export function looksLikeProbabilities(scores: Float32Array, batch: number, classes: number): boolean {
  if (classes < 2) return false;
  for (let n = 0; n < batch; n++) {
    let sum = 0;
    for (let k = n * classes; k < (n + 1) * classes; k++) {
      if (scores[k]! < 0) return false;
      sum += scores[k]!;
    }
    if (Math.abs(sum - 1) > 1e-3) return false;
  }
  return true;
}
