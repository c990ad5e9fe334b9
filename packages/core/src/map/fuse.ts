import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { assertAlpha } from '../check-options.ts';
import { ShapeError } from '../errors.ts';
import { fused } from '../kernels/fused.ts';
import { toMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

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
  const first = readArray('fuse', 'gradCamMap', gradCamMap, ['height', 'width']);
  const second = readArray('fuse', 'layerCamMap', layerCamMap, ['height', 'width']);
  const [height, width] = gradCamMap.shape as [number, number];
  if (height !== layerCamMap.shape[0] || width !== layerCamMap.shape[1]) {
    throw new ShapeError(
      `fuse: expected maps of one size; received [${gradCamMap.shape}] and [${layerCamMap.shape}]. Upsample both first.`,
    );
  }
  return toMap('fuse', fused(first, second, alpha, epsilon), height, width);
}
