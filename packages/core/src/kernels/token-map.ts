import type { NdArray } from 'ndarray';
import { OptionError, ShapeError } from '../errors.ts';
import { toMap } from './to-map.ts';

/** Where the places of a map lie among the tokens of a transformer. */
export interface TokenPlaces {
  /** Rows and columns of patches. */
  readonly grid: readonly [height: number, width: number];
  /** Tokens before the patches: the class token, registers. Default 1. */
  readonly prefix?: number;
}

/** The values of the patches [tokens] as a map. @throws OptionError, ShapeError for places that do not fit the tokens */
export function tokenMap(
  where: string,
  values: Float64Array,
  { grid: [height, width], prefix = 1 }: TokenPlaces,
): NdArray<Float32Array> {
  if (![height, width].every((extent) => Number.isInteger(extent) && extent >= 1)) {
    throw new OptionError(`${where}: expected a grid of integers ≥ 1; received ${height}×${width}.`);
  }
  if (!(Number.isInteger(prefix) && prefix >= 0)) {
    throw new OptionError(`${where}: expected an integer prefix ≥ 0; received ${prefix}.`);
  }
  if (values.length !== prefix + height * width) {
    throw new ShapeError(
      `${where}: expected ${prefix} + ${height}×${width} tokens; received ${values.length}. Set prefix and grid as the model has them.`,
    );
  }
  return toMap(where, values.subarray(prefix), height, width);
}
