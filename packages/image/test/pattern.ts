import type { Image } from '../src/index.ts';

/** The synthetic picture that tooling/reference/image/make_fixtures.py calls `pattern`: noise, ramps and checkers. */
export function pattern(width: number, height: number, seed = 0): Image {
  const data = new Uint8Array(width * height * 4);
  let o = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) data[o++] = value(x, y, c, seed);
      data[o++] = 255;
    }
  }
  return { data, width, height };
}

function value(x: number, y: number, c: number, seed: number): number {
  const kind = ((x >> 4) + (y >> 4) + seed) % 3;
  if (kind === 1) return (x * (c + 1) * 2 + y * (3 - c)) & 0xff;
  if (kind === 2) return (((x >> 3) + (y >> 3) + c) % 2) * 255;
  let h = Math.imul(x, 0x9e3779b1) + Math.imul(y, 0x85ebca6b) + Math.imul(c + 3 * seed, 0xc2b2ae35);
  h >>>= 0;
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return (h >>> 8) & 0xff;
}
