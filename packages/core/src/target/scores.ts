import { softmax } from '../kernels/softmax.ts';

/** The index of the largest score; the first of equals. */
export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

/** The indices of the `count` largest scores, largest first; equals in index order. */
export function topClasses(scores: ArrayLike<number>, count: number): number[] {
  // The best so far, in order: for the handful of classes anyone asks for far cheaper than sorting a thousand.
  const best: number[] = [];
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index]!;
    if (best.length >= count && !(score > scores[best[count - 1]!]!)) continue;
    let place = best.length;
    while (place > 0 && score > scores[best[place - 1]!]!) place--;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
  }
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
