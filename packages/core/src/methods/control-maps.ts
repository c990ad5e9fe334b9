import type { NdArray } from 'ndarray';
import { assertSize } from '../check-options.ts';
import { uniform } from '../kernels/random.ts';
import { toMap } from '../kernels/to-map.ts';

/**
 * A map of independent uniform noise: the control every method must beat.
 *
 * Returns [height, width] in [0, 1), the same for the same `seed` (an integer) and size on every machine.
 * @throws OptionError for a size that is not two integers ≥ 1
 * @example randomMap(7, 7, 1)
 */
export function randomMap(height: number, width: number, seed: number): NdArray<Float32Array> {
  assertSize('randomMap', height, width);
  const cells = Float64Array.from({ length: height * width }, (_, i) => uniform(seed, i));
  return toMap('randomMap', cells, height, width);
}

/**
 * A map that knows nothing but that photographers centre their subject: a Gaussian in the middle, with a standard deviation of a
 * quarter of each side. A method that does not beat it has learned nothing from the image.
 *
 * Returns [height, width] in (0, 1].
 * @throws OptionError for a size that is not two integers ≥ 1
 * @example centredMap(7, 7)
 */
export function centredMap(height: number, width: number): NdArray<Float32Array> {
  assertSize('centredMap', height, width);
  const cells = Float64Array.from({ length: height * width }, (_, i) => {
    const y = (Math.floor(i / width) + 0.5) / height - 0.5;
    const x = ((i % width) + 0.5) / width - 0.5;
    return Math.exp(-8 * (x * x + y * y));
  });
  return toMap('centredMap', cells, height, width);
}
