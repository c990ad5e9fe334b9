/** Upper tail P(Z > z) of the standard normal, accurate to about 1e-15 relative (continued fraction beyond 3, series below). */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    // Φ(z) − ½ = φ(z) · Σ z^(2n+1) / (1·3·5…(2n+1)): all terms positive, so nothing cancels.
    let term = z;
    let sum = z;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (z * z) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  // Mills ratio as the continued fraction 1/(z + 1/(z + 2/(z + 3/(z + …)))), evaluated from the far end.
  let fraction = z;
  for (let n = 200; n >= 1; n--) fraction = z + n / fraction;
  return density / fraction;
}

/** z with P(Z > z) = `tail`, for a tail between 0 and 1, by halving: as exact as the tail itself. */
export function normalUpperQuantile(tail: number): number {
  let [low, high] = [-40, 40];
  for (let n = 0; n < 100; n++) {
    const middle = (low + high) / 2;
    if (normalUpperTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
