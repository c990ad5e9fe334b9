import type { NdArray } from 'ndarray';
import { assertOneOf, readArray } from '../check.ts';
import { toMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

/**
 * `max`: divided by the maximum, negative values become 0. `minmax`: minimum to 0, maximum to 1. `none`: as it is.
 * They agree where the minimum is 0; elsewhere `minmax` erases a weak response that is everywhere.
 */
export type Normalization = 'max' | 'minmax' | 'none';

export const normalizations: readonly Normalization[] = ['max', 'minmax', 'none'];

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
  const { min, max } = valueRange(values);
  if (kind === 'none') return toMap('normalize', values, height, width);
  const low = kind === 'minmax' ? min : 0;
  const extent = max - low;
  const divisor = extent + epsilon;
  return toMap(
    'normalize',
    new Float64Array(values).map((value) => (extent > 0 && value > low ? (value - low) / divisor : 0)),
    height,
    width,
  );
}

/** Smallest and largest of the values. */
export function valueRange(values: ArrayLike<number>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < min) min = values[i]!;
    if (values[i]! > max) max = values[i]!;
  }
  return { min, max };
}
