import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { assertOneOf } from '../check-options.ts';
import { type Normalization, normalizations, normalized } from '../kernels/normalized.ts';
import { toMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

export interface NormalizeOptions {
  /** Added to the divisor. Default 0. 1e-10 is the reference notebook's, 1e-7 pytorch-grad-cam's, 1e-8 TorchCAM's. */
  readonly epsilon?: number;
}

/**
 * A map [height, width] brought to [0, 1] (`max`, the default, or `minmax`), or a copy (`none`).
 *
 * What has no scale becomes 0 everywhere, never NaN: a map without positive values under `max`, a constant map under `minmax`.
 * @throws ShapeError, NonFiniteError, OptionError for another name
 * @example normalize(cam, 'minmax')
 */
export function normalize(
  map: ArrayView,
  kind: Normalization = 'max',
  { epsilon = 0 }: NormalizeOptions = {},
): NdArray<Float32Array> {
  assertOneOf('normalize', 'kind', kind, normalizations);
  const values = readArray('normalize', 'map', map, ['height', 'width']);
  const [height, width] = map.shape as [number, number];
  return toMap('normalize', normalized(values, kind, epsilon), height, width);
}
