import type { NdArray } from '@hybridcam/core';
import { type ArrayView, OptionError, pack, ShapeError, view } from '@hybridcam/core';
import { createImageCache, type ImageCache } from '../image-cache.ts';
import { seededRandom } from '../random.ts';
import { scoreRows } from '../score-rows.ts';
import type { Subject } from '../subject.ts';
import { imputeLinear } from './impute.ts';

export interface RoadOptions {
  /** Shares of pixels removed. Default 0.1, 0.2 … 0.9. */
  readonly removeFractions?: readonly number[];
  /**
   * Standard deviation of the noise added to imputed pixels, per channel, in the input's own space. The authors add 0.01 in
   * [0, 1] space, so pass 0.01 / std. Default 0.01 / 0.225 for every channel.
   */
  readonly noise?: readonly number[] | number;
  /** Default 0. */
  readonly seed?: number;
  /** Share one between all metrics of the same input, class and subject. */
  readonly cache?: ImageCache;
}

export interface Road {
  readonly removeFractions: readonly number[];
  /** Score after removing the most relevant pixels; lower is better. */
  readonly mostRelevantFirst: readonly number[];
  /** Score after removing the least relevant pixels; higher is better. */
  readonly leastRelevantFirst: readonly number[];
  /** Mean of (leastRelevantFirst − mostRelevantFirst) / 2 over the fractions; higher is better. */
  readonly combined: number;
  readonly tieFraction: number;
}

export const ROAD_FRACTIONS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const DEFAULT_NOISE = 0.01 / 0.225;

/**
 * ROAD: the score of a class after pixels are removed by noisy linear imputation, most and least relevant first.
 *
 * Pixels are chosen by rank, never by threshold: a rectified map is zero on half its pixels, and a threshold of zero removes
 * all of them at once. `input` [channels, height, width], `map` [height, width]. Costs 2 · fractions forward passes.
 * Rong et al., ICML 2022.
 * @throws OptionError for fractions outside (0, 1)
 */
export async function road(
  subject: Subject,
  input: ArrayView,
  classIndex: number,
  map: ArrayView,
  options: RoadOptions = {},
): Promise<Road> {
  const fractions = options.removeFractions ?? ROAD_FRACTIONS;
  for (const fraction of fractions) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new OptionError(
        `road: expected removeFractions between 0 and 1, exclusive; received ${fraction}.`,
      );
    }
  }
  const [, height, width] = input.shape as [number, number, number];
  if (input.shape.length !== 3 || map.shape[0] !== height || map.shape[1] !== width) {
    throw new ShapeError(
      `road: expected a map of the input's size [${height}, ${width}]; received [${map.shape}].`,
    );
  }
  const order = (options.cache ?? createImageCache()).orderOf(map);
  const pixels = height * width;
  const impute = (row: number, into: Float32Array) => {
    const count = Math.round(fractions[row >> 1]! * pixels);
    const gone = row % 2 === 0 ? [0, count] : [pixels - count, pixels];
    const missing = Uint8Array.from(order.ranks, (rank) => (rank >= gone[0]! && rank < gone[1]! ? 1 : 0));
    into.set(imputeNoisy(input, missing, options).data);
  };
  const scores = await scoreRows(subject, input.shape, 2 * fractions.length, impute, classIndex);
  const mostRelevantFirst = fractions.map((_, i) => scores[2 * i]!);
  const leastRelevantFirst = fractions.map((_, i) => scores[2 * i + 1]!);
  let combined = 0;
  for (let i = 0; i < fractions.length; i++) combined += (leastRelevantFirst[i]! - mostRelevantFirst[i]!) / 2;
  return {
    removeFractions: [...fractions],
    mostRelevantFirst,
    leastRelevantFirst,
    combined: combined / fractions.length,
    tieFraction: order.tieFraction,
  };
}

/** Linear imputation plus seeded Gaussian noise on the imputed pixels, so that the network cannot see how smooth they are. */
export function imputeNoisy(
  input: ArrayView,
  missing: ArrayLike<number>,
  options: RoadOptions = {},
): NdArray<Float32Array> {
  const [channels, height, width] = input.shape as [number, number, number];
  const filled = pack(imputeLinear(input, missing));
  const noise = options.noise ?? DEFAULT_NOISE;
  const random = seededRandom(options.seed ?? 0);
  const pixels = height * width;
  for (let c = 0; c < channels; c++) {
    const deviation = typeof noise === 'number' ? noise : noise[c];
    if (deviation === undefined || !(deviation >= 0)) {
      throw new OptionError(`road: expected a noise of 0 or more for channel ${c}; received ${deviation}.`);
    }
    for (let i = 0; i < pixels; i++) {
      if (missing[i]) filled[c * pixels + i]! += deviation * random.normal();
    }
  }
  return view(filled, [channels, height, width]);
}
