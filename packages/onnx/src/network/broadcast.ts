/** Values and their shape. */
export interface Floats {
  readonly values: ArrayLike<number>;
  readonly dims: readonly number[];
}

/** Not `Float64Array.from`: it walks an iterator, ten times slower on millions of values. */
export function mapped({ values }: Floats, change: (value: number, i: number) => number): Float64Array {
  const changed = new Float64Array(values.length);
  for (let i = 0; i < changed.length; i++) changed[i] = change(values[i]!, i);
  return changed;
}

/** A tensor repeated to the shape `dims`, by the rules of ONNX: axes are matched from the last, and an extent of 1 meets any. */
export function broadcast({ values, dims: own }: Floats, dims: readonly number[]): Float64Array {
  const size = dims.reduce((product, extent) => product * extent, 1);
  const repeated = new Float64Array(size);
  if (values.length === 1) return repeated.fill(values[0]!);
  const steps = new Array<number>(dims.length).fill(0);
  for (
    let axis = dims.length - 1, source = own.length - 1, step = 1;
    axis >= 0 && source >= 0;
    axis--, source--
  ) {
    if (own[source] !== 1) steps[axis] = step;
    step *= own[source]!;
  }
  const index = new Array<number>(dims.length).fill(0);
  for (let i = 0, at = 0; i < size; i++) {
    repeated[i] = values[at]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      at += steps[axis]!;
      if (index[axis]! < dims[axis]!) break;
      at -= steps[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return repeated;
}
