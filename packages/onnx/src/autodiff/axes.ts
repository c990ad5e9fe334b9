/** Axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

export function product(extents: readonly number[]): number {
  return extents.reduce((size, extent) => size * extent, 1);
}

/** 0, 1, … rank−1 from `start` on. */
export function axesFrom(start: number, rank: number): number[] {
  return Array.from({ length: Math.max(0, rank - start) }, (_, i) => start + i);
}

/** Row-major position of each axis: elements to step per index. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}
