import { lattice } from './random.ts';

/** Smooth noise in [0, 1]: random values on the integer lattice, blended. */
export function valueNoise(x: number, y: number, seed: number): number {
  const cellX = Math.floor(x);
  const cellY = Math.floor(y);
  const fractionX = x - cellX;
  const fractionY = y - cellY;
  const u = fractionX * fractionX * (3 - 2 * fractionX);
  const v = fractionY * fractionY * (3 - 2 * fractionY);
  const top = lattice(cellX, cellY, seed) * (1 - u) + lattice(cellX + 1, cellY, seed) * u;
  const bottom = lattice(cellX, cellY + 1, seed) * (1 - u) + lattice(cellX + 1, cellY + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}
