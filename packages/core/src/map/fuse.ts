import type { NdArray } from 'ndarray';
import { assertAlpha, readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
import { toMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';
import { valueRange } from './normalize.ts';

export interface FuseOptions {
  /** Added to each maximum. Default 0; a map without positive values is then all zero, by rule instead of by epsilon. */
  readonly epsilon?: number;
}

/**
 * The hybrid's fusion of two maps: their weighted geometric mean, each divided by its maximum first.
 *
 * Both maps [height, width] of one size, negative values count as 0; `alpha` in [0, 1]; returns [height, width] in [0, 1].
 *
 *     L = (L_GC / max L_GC)^α · (L_LC / max L_LC)^(1−α)
 *
 * α = 1 is exactly the first map, α = 0 exactly the second. Both ends jump: any α > 0 zeroes the cells that are 0 in the
 * first map, any α < 1 those that are 0 in the second.
 * @throws ShapeError, NonFiniteError, OptionError for an alpha outside [0, 1]
 * @example fuse(gradCam(activations, gradients), layerCam(activations, gradients), 0.7)
 */
export function fuse(
  gradCamMap: ArrayView,
  layerCamMap: ArrayView,
  alpha: number,
  { epsilon = 0 }: FuseOptions = {},
): NdArray<Float32Array> {
  assertAlpha('fuse', alpha);
  const first = relativeToMax(readArray('fuse', 'gradCamMap', gradCamMap, ['height', 'width']), epsilon);
  const second = relativeToMax(readArray('fuse', 'layerCamMap', layerCamMap, ['height', 'width']), epsilon);
  const [height, width] = gradCamMap.shape as [number, number];
  if (height !== layerCamMap.shape[0] || width !== layerCamMap.shape[1]) {
    throw new ShapeError(
      `fuse: expected maps of one size; received [${gradCamMap.shape}] and [${layerCamMap.shape}]. Upsample both first.`,
    );
  }
  if (alpha === 1) return toMap('fuse', first, height, width);
  if (alpha === 0) return toMap('fuse', second, height, width);
  // x^α · y^(1−α) = exp(α·ln x + (1−α)·ln y), four times faster than two powers; ln 0 · 0 is kept out by the zeros' own branch.
  const fused = first.map((x, i) => {
    const y = second[i]!;
    return x === 0 || y === 0 ? 0 : Math.exp(alpha * Math.log(x) + (1 - alpha) * Math.log(y));
  });
  return toMap('fuse', fused, height, width);
}

function relativeToMax(map: Float32Array, epsilon: number): Float64Array {
  const max = Math.max(valueRange(map).max, 0) + epsilon;
  return new Float64Array(map).map((value) => (value > 0 ? value / max : 0));
}
