import { clamp, cosineOfTurns, sineOfTurns } from './portable-math.ts';
import { lattice, random } from './random.ts';
import type { BackgroundFamily, BackgroundSpec } from './scene-spec.ts';
import { valueNoise } from './value-noise.ts';

/** How much of the second colour a point shows; u, v in periods, `pixel` the pixel's width in periods, v downwards. */
type Pattern = (u: number, v: number, pixel: number, seed: number) => number;

/** Fills `canvas`, [height, width, 3] in levels of 0 to 255. */
export function paintBackground(canvas: Float64Array, size: number, spec: BackgroundSpec): void {
  const pattern = patterns[spec.family];
  const draw = random(spec.seed, 'pattern');
  const startU = draw.uniform() * 8;
  const startV = draw.uniform() * 8;
  const cos = cosineOfTurns(spec.angle);
  const sin = sineOfTurns(spec.angle);
  const pixel = 1 / (spec.scale * size);
  const [[red0, green0, blue0], [red1, green1, blue1]] = spec.colors;
  const grain = spec.seed ^ 0x5bd1e995;
  let at = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5 - size / 2) * pixel;
      const y = (row + 0.5 - size / 2) * pixel;
      const amount = pattern(x * cos + y * sin + startU, y * cos - x * sin + startV, pixel, spec.seed);
      // Paper grain keeps large flat areas from looking synthetic.
      const paper = 1 + 0.07 * (valueNoise((column * 40) / size, (row * 40) / size, grain) - 0.5);
      canvas[at++] = (red0 + (red1 - red0) * amount) * paper;
      canvas[at++] = (green0 + (green1 - green0) * amount) * paper;
      canvas[at++] = (blue0 + (blue1 - blue0) * amount) * paper;
    }
  }
}

const patterns: Readonly<Record<BackgroundFamily, Pattern>> = {
  sky: (u, v, _pixel, seed) => {
    const haze = valueNoise(u * 0.6, v * 1.5, seed) * 0.65 + valueNoise(u * 1.3, v * 3.1, seed + 1) * 0.35;
    const ramp = 0.5 + 0.5 * sineOfTurns(v * 0.11);
    return clamp(ramp * 0.75 + 1.6 * clamp(haze - 0.52, 0, 1), 0, 1);
  },
  stripes: (u, _v, pixel) => wave(u, pixel),
  checks: (u, v, pixel) => {
    const a = wave(u * 0.5, pixel * 0.5);
    const b = wave(v * 0.5, pixel * 0.5);
    return a + b - 2 * a * b;
  },
  clouds: (u, v, _pixel, seed) => {
    const soft =
      valueNoise(u, v, seed) * 0.6 +
      valueNoise(u * 2.1, v * 2.1, seed + 1) * 0.27 +
      valueNoise(u * 4.3, v * 4.3, seed + 2) * 0.13;
    return clamp((soft - 0.5) * 1.9 + 0.5, 0, 1);
  },
  bricks: (u, v, pixel, seed) => {
    const course = Math.floor(v * 1.6);
    const shifted = u * 0.8 + (course % 2 === 0 ? 0 : 0.5);
    const brick = Math.floor(shifted);
    const alongEdge = Math.min(shifted - brick, 1 - (shifted - brick)) / 0.8;
    const acrossEdge = Math.min(v * 1.6 - course, 1 - (v * 1.6 - course)) / 1.6;
    const mortar = clamp(0.5 + (0.045 - Math.min(alongEdge, acrossEdge)) / pixel, 0, 1);
    return mortar + (1 - mortar) * 0.38 * lattice(brick, course, seed);
  },
  dots: (u, v, pixel) => {
    const row = Math.floor(v);
    const shifted = u + (row % 2 === 0 ? 0 : 0.5);
    const dx = shifted - Math.floor(shifted) - 0.5;
    const dy = v - row - 0.5;
    return clamp(0.5 + (0.27 - Math.sqrt(dx * dx + dy * dy)) / pixel, 0, 1);
  },
  waves: (u, v, pixel) => wave(v * 0.9 + 0.22 * sineOfTurns(u * 0.55), pixel),
  planks: (u, v, pixel, seed) => {
    const plank = Math.floor(v * 0.9);
    const within = v * 0.9 - plank;
    const gap = clamp(0.5 + (0.03 - Math.min(within, 1 - within)) / (pixel * 0.9), 0, 1);
    const grain = valueNoise(u * 0.7 + plank * 7.3, v * 7, seed);
    return clamp(0.25 * lattice(plank, 3, seed) + 0.55 * grain + gap * 0.6, 0, 1);
  },
};

/** A square wave of period 1 with edges one pixel wide. */
function wave(phase: number, pixel: number): number {
  const within = phase - Math.floor(phase);
  const edge = 0.25 - Math.abs(within - 0.5);
  return clamp(0.5 + edge / pixel, 0, 1);
}
