import { softmax } from '../kernels/softmax.ts';

/** The index of the largest score; the first of equals. */
export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

/**
 * Softmax of logits [classes] in float64; for a single logit, the sigmoid [1].
 *
 *     p_c = exp(y_c − max y) / Σ_j exp(y_j − max y)
 */
export function toProbabilities(logits: ArrayLike<number>): Float64Array {
  if (logits.length === 1) return Float64Array.of(1 / (1 + Math.exp(-logits[0]!)));
  return softmax(logits);
}
