import { normalUpperTail } from './normal.ts';

/**
 * Upper tail P(X > x) of the chi-square distribution with a whole number of degrees of freedom: a finite sum of positive terms, so that
 * nothing cancels however small the result is.
 */
export function chiSquareUpperTail(x: number, degreesOfFreedom: number): number {
  if (x <= 0) return 1;
  const odd = degreesOfFreedom % 2 === 1;
  // Terms (x/2)^a / Γ(a + 1) for a = ½, 3/2 … or 0, 1 …; Γ(3/2) = √π / 2.
  let tail = odd ? 2 * normalUpperTail(Math.sqrt(x)) : 0;
  let term = Math.exp(-x / 2) * (odd ? Math.sqrt((2 * x) / Math.PI) : 1);
  for (let a = odd ? 0.5 : 0; a < degreesOfFreedom / 2; a++) {
    tail += term;
    term *= x / 2 / (a + 1);
  }
  return tail;
}
