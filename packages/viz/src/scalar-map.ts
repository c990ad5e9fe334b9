import { type ArrayView, NonFiniteError, pack, ShapeError } from '@hybridcam/core';

/** A map made ready for drawing: packed values, extents, and the range they span. */
export interface ScalarMap {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Reads a [height, width] array of any strides.
 * @throws ShapeError unless the array has two axes and at least one value
 * @throws NonFiniteError on NaN or infinity, with how many there are and where the first one lies
 */
export function readMap(map: ArrayView, where: string): ScalarMap {
  const [height = 0, width = 0] = map.shape;
  if (map.shape.length !== 2 || height < 1 || width < 1) {
    throw new ShapeError(
      `${where}: expected a map of shape [height, width]; received shape [${map.shape}]. Pick one map of a batch first.`,
    );
  }
  const values = pack(map);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let bad = 0;
  let first = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      if (bad++ === 0) first = i;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (bad > 0) {
    const at = `row ${Math.floor(first / width)}, column ${first % width}`;
    throw new NonFiniteError(
      `${where}: expected finite values; received ${bad} of ${values.length} that are NaN or infinite, the first (${values[first]}) in ${at}. Find the layer that produced them before drawing.`,
    );
  }
  return { values, width, height, min, max };
}
