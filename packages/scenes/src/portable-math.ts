/**
 * Engines may round Math.sin, Math.pow and their kin differently in the last bit. Everything that decides a pixel uses only
 * +, −, ×, ÷, sqrt and floor, which IEEE 754 fixes, so a scene has the same bytes in every engine.
 */

/** sin(2π·turns), to about 1e-11. */
export function sineOfTurns(turns: number): number {
  let r = turns - Math.floor(turns + 0.5);
  if (r > 0.25) r = 0.5 - r;
  else if (r < -0.25) r = -0.5 - r;
  const x = 6.283185307179586 * r;
  const q = x * x;
  const tail = 1 - (q / 156) * (1 - (q / 210) * (1 - q / 272));
  return x * (1 - (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - (q / 72) * (1 - (q / 110) * tail)))));
}

/** cos(2π·turns), to about 1e-11. */
export function cosineOfTurns(turns: number): number {
  return sineOfTurns(turns + 0.25);
}

/** The number at `fraction` of the way from `low` to `high` on a logarithmic scale; both positive. */
export function geometricMix(low: number, high: number, fraction: number): number {
  // Bisection in both scales at once: halving the fraction is a square root in the ratio.
  let from = low;
  let to = high;
  let rest = fraction;
  for (let step = 0; step < 40; step++) {
    const middle = Math.sqrt(from * to);
    rest *= 2;
    if (rest >= 1) {
      rest -= 1;
      from = middle;
    } else {
      to = middle;
    }
  }
  return from;
}

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : Math.min(value, high);
}
