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
