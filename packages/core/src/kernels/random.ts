/**
 * Number `i` of the uniform sequence that `seed` (an integer) names, in [0, 1): a Weyl sequence through a 32-bit finaliser. Full
 * period, no state to carry, the same on every engine.
 */
export function uniform(seed: number, i: number): number {
  let x = (Math.imul(i + 1, 0x9e3779b9) + Math.imul(seed, 0x85ebca6b)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 8) / 2 ** 24;
}

/** Numbers `start` to `start + into.length` of the standard normal sequence of `seed`, by Box and Muller. */
export function fillNormal(into: Float64Array, seed: number, start: number): void {
  for (let i = 0; i < into.length; i += 2) {
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, start + i)));
    const angle = 2 * Math.PI * uniform(seed, start + i + 1);
    into[i] = radius * Math.cos(angle);
    if (i + 1 < into.length) into[i + 1] = radius * Math.sin(angle);
  }
}
