import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import type { ChannelTerms } from '../kernels/channel-terms.ts';
import { principalMap } from '../kernels/principal-map.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

/**
 * Eigen smoothing: a CAM's terms joined by their first principal component over cells instead of their sum, then ReLU. What the channels
 * have in common stays, what single channels add is lost.
 *
 * `terms` [channels, height, width], what each channel adds to the map: for Grad-CAM its weight times its activations; returns
 * [height, width], ≥ 0, in the unit of the terms.
 *
 *     L = ReLU( X · v₁ ),   X [cells, channels] = terms less each channel's mean,   v₁ its first right singular vector
 *
 * The sign is the one that correlates with Σ_k terms_k: bright where the plain map is. In pytorch-grad-cam (`eigen_smooth`) it is left
 * to chance.
 * @throws ShapeError, NonFiniteError
 * @example eigenSmooth(weightedActivations)
 */
export function eigenSmooth(terms: ArrayView): NdArray<Float32Array> {
  const values = readArray('eigenSmooth', 'terms', terms, ['channels', 'height', 'width']);
  const [, height, width] = terms.shape as [number, number, number];
  return eigenSmoothed('eigenSmooth', new Float64Array(values), height, width);
}

/** `eigenSmooth` of terms in float64. */
export function eigenSmoothed(
  where: string,
  terms: ChannelTerms,
  height: number,
  width: number,
): NdArray<Float32Array> {
  const cells = height * width;
  const sum = new Float64Array(cells);
  for (let i = 0; i < terms.length; i++) sum[i % cells]! += terms[i]!;
  return toPositiveMap(where, principalMap(terms, terms.length / cells, cells, sum), height, width);
}
