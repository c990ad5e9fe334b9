import { type ArrayView, type NdArray, pack, upsample, view } from '@hybridcam/core';
import { seededRandom } from '@hybridcam/metrics';

/** Cells per side of the random control: the resolution of an ordinary last layer, so that it is as smooth as a CAM. */
const RANDOM_SIDE = 7;

/** Uniform noise on 7×7 cells, upsampled: what a map scores that knows nothing. */
export function randomMap(height: number, width: number, seed: number): NdArray<Float32Array> {
  const random = seededRandom(seed);
  const cells = Float32Array.from({ length: RANDOM_SIDE ** 2 }, () => random.uniform());
  return upsample(view(cells, [RANDOM_SIDE, RANDOM_SIDE]), height, width);
}

/** The seed of an image's random map: another for every image, the same in every run of a seed. */
export function controlSeed(sha256: string, seed: number): number {
  return (Number.parseInt(sha256.slice(0, 8), 16) ^ seed) >>> 0;
}

/** A Gaussian in the middle, sigma a quarter of the side: what a map scores that knows only how people photograph. */
export function centreMap(height: number, width: number): NdArray<Float32Array> {
  const values = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dy = ((y + 0.5) / height - 0.5) / 0.25;
      const dx = ((x + 0.5) / width - 0.5) / 0.25;
      values[y * width + x] = Math.exp(-(dx * dx + dy * dy) / 2);
    }
  }
  return view(values, [height, width]);
}

/** The true mask averaged over cells and upsampled again: the ceiling for any map of that resolution. */
export function oracleMap(mask: ArrayView, cells: readonly [number, number]): NdArray<Float32Array> {
  const [height, width] = mask.shape as [number, number];
  const [rows, columns] = cells;
  const sums = new Float64Array(rows * columns);
  const counts = new Float64Array(rows * columns);
  const values = pack(mask);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      sums[cell]! += values[y * width + x]! ? 1 : 0;
      counts[cell]!++;
    }
  }
  const averages = Float32Array.from(sums, (sum, i) => sum / counts[i]!);
  return upsample(view(averages, [rows, columns]), height, width);
}
