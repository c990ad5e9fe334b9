import type { NdArray } from 'ndarray';
import { assertFinite } from '../check.ts';
import { view } from '../view.ts';
import { toFloat32 } from './to-float32.ts';

/**
 * Float64 cells as a float32 map: [height, width], or whatever extents are given.
 * @throws NonFiniteError when a value exceeds float32
 */
export function toMap(where: string, cells: ArrayLike<number>, ...shape: number[]): NdArray<Float32Array> {
  const map = toFloat32(cells);
  assertFinite(where, 'map (it exceeds float32)', map);
  return view(map, shape);
}

/** `toMap` after max(·, 0). */
export function toPositiveMap(
  where: string,
  cells: Float64Array,
  height: number,
  width: number,
): NdArray<Float32Array> {
  return toMap(
    where,
    cells.map((cell) => Math.max(cell, 0)),
    height,
    width,
  );
}
