import type { NdArray } from '@hybridcam/core';
import { type ArrayView, OptionError, pack, ShapeError, view } from '@hybridcam/core';
import { seededRandom } from './random.ts';
import { separableFilter } from './separable-filter.ts';

/**
 * What "absent" looks like. It decides more of an insertion or deletion AUC than the method does, so it is always recorded.
 *
 * - `rise-blur`: RISE's 11-tap kernel with zero padding, exactly; light, so it leaks the class
 * - `heavy-blur`: Gaussian with sigma 1/11 of the side, reflected borders
 * - `zero`: 0 in normalised space, the data set's mean colour · `mean`: the image's own mean colour
 * - `black`: the value that black has after preprocessing · `noise`: seeded Gaussian noise, sd 0.5, around 0
 */
export type BaselineName = 'rise-blur' | 'heavy-blur' | 'zero' | 'mean' | 'black' | 'noise';

export interface BaselineOptions {
  /** Per channel, the preprocessed value of a black pixel; needed by `black` only. */
  readonly black?: readonly number[];
  /** Seed of `noise`. Default 0. */
  readonly seed?: number;
}

/**
 * RISE's "Gaussian" (`scipy.ndimage.gaussian_filter` of an 11×11 delta, sigma 5, borders reflected): the reflection folds the
 * tails back, so it is nearly a box. One axis of the separable kernel.
 */
const RISE_TAPS = [
  0.087958146, 0.08889612, 0.090474197, 0.092191118, 0.093489388, 0.093982063, 0.093489388, 0.092191118,
  0.090474197, 0.08889612, 0.087958146,
];

/**
 * The baseline of one preprocessed input [channels, height, width], same shape.
 * @throws OptionError for an unknown name, or `black` without its values
 * @example baseline(view(new Float32Array([1, 3]), [1, 1, 2]), 'mean').data // [2, 2]
 */
export function baseline(
  input: ArrayView,
  name: BaselineName,
  options: BaselineOptions = {},
): NdArray<Float32Array> {
  if (input.shape.length !== 3) {
    throw new ShapeError(
      `baseline: expected an input [channels, height, width]; received shape [${input.shape}].`,
    );
  }
  const [channels, height, width] = input.shape as [number, number, number];
  const pixels = height * width;
  const source = pack(input);
  const result = new Float32Array(source.length);
  switch (name) {
    case 'zero':
      break;
    case 'rise-blur':
      separableFilter(source, result, [channels, height, width], RISE_TAPS, 'zero');
      break;
    case 'heavy-blur':
      separableFilter(
        source,
        result,
        [channels, height, width],
        gaussianTaps(Math.max(height, width) / 11),
        'reflect',
      );
      break;
    case 'mean':
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let i = 0; i < pixels; i++) sum += source[c * pixels + i]!;
        result.fill(sum / pixels, c * pixels, (c + 1) * pixels);
      }
      break;
    case 'black': {
      const black = options.black;
      if (black?.length !== channels) {
        throw new OptionError(
          `baseline: "black" needs the preprocessed value of black for each of ${channels} channels; received ${black ? black.length : 'none'}. Pass (0 − mean) / std.`,
        );
      }
      for (let c = 0; c < channels; c++) result.fill(black[c]!, c * pixels, (c + 1) * pixels);
      break;
    }
    case 'noise': {
      const random = seededRandom(options.seed ?? 0);
      for (let i = 0; i < result.length; i++) result[i] = 0.5 * random.normal();
      break;
    }
    default:
      throw new OptionError(
        `baseline: unknown name "${String(name)}". Known: rise-blur, heavy-blur, zero, mean, black, noise.`,
      );
  }
  return view(result, [channels, height, width]);
}

/** Odd number of taps, truncated at 3 sigma, sum 1. */
function gaussianTaps(sigma: number): number[] {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
}
