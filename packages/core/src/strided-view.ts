import type { NdArray } from 'ndarray';

type Index = number | null | undefined;

/**
 * The `ndarray` interface without generated code, for pages whose Content-Security-Policy forbids `new Function`.
 * Semantics follow the package, including what it does with missing and negative arguments.
 */
class StridedView {
  readonly dtype = 'float32';
  data: Float32Array;
  shape: number[];
  stride: number[];
  offset: number;

  constructor(data: Float32Array, shape: number[], stride: number[], offset: number) {
    this.data = data;
    this.shape = shape;
    this.stride = stride;
    this.offset = offset;
  }

  get dimension(): number {
    return this.shape.length;
  }

  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }

  /** Axes from the fastest to the slowest varying. */
  get order(): number[] {
    return this.shape
      .map((_, axis) => axis)
      .sort((a, b) => Math.abs(this.stride[a]!) - Math.abs(this.stride[b]!) || a - b);
  }

  index(...at: number[]): number {
    return this.stride.reduce((position, step, axis) => position + step * at[axis]!, this.offset);
  }

  get(...at: number[]): number {
    return this.data[this.index(...at)]!;
  }

  set(...atAndValue: number[]): number {
    const value = atAndValue[this.dimension]!;
    this.data[this.index(...atAndValue)] = value;
    return value;
  }

  lo(...from: Index[]): StridedView {
    const start = this.shape.map((_, axis) => (isCount(from[axis]) ? Math.trunc(from[axis]) : 0));
    const shape = this.shape.map((extent, axis) => extent - start[axis]!);
    return new StridedView(this.data, shape, [...this.stride], this.index(...start));
  }

  hi(...to: Index[]): StridedView {
    const shape = this.shape.map((extent, axis) => (isCount(to[axis]) ? Math.trunc(to[axis]) : extent));
    return new StridedView(this.data, shape, [...this.stride], this.offset);
  }

  step(...by: Index[]): StridedView {
    let offset = this.offset;
    const shape = [...this.shape];
    const stride = [...this.stride];
    for (let axis = 0; axis < shape.length; axis++) {
      if (typeof by[axis] !== 'number') continue;
      const step = Math.trunc(by[axis]!);
      if (step < 0) offset += stride[axis]! * (shape[axis]! - 1);
      shape[axis] = Math.ceil(shape[axis]! / Math.abs(step));
      stride[axis]! *= step;
    }
    return new StridedView(this.data, shape, stride, offset);
  }

  transpose(...axes: Index[]): StridedView {
    const from = this.shape.map((_, axis) => axes[axis] ?? axis);
    return new StridedView(
      this.data,
      from.map((axis) => this.shape[axis]!),
      from.map((axis) => this.stride[axis]!),
      this.offset,
    );
  }

  pick(...at: Index[]): StridedView {
    const fixed = this.shape.map((_, axis) => (isCount(at[axis]) ? at[axis] : 0));
    const kept = this.shape.map((_, axis) => axis).filter((axis) => !isCount(at[axis]));
    return new StridedView(
      this.data,
      kept.map((axis) => this.shape[axis]!),
      kept.map((axis) => this.stride[axis]!),
      this.index(...fixed),
    );
  }
}

/** A row-major view with the same interface as `ndarray(data, shape)`. */
export function stridedView(data: Float32Array, shape: number[]): NdArray<Float32Array> {
  const stride = new Array<number>(shape.length);
  let size = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = size;
    size *= shape[axis]!;
  }
  // `T` stands in the published types only; the package itself has no such member.
  return new StridedView(data, shape, stride, 0) as unknown as NdArray<Float32Array>;
}

function isCount(index: Index): index is number {
  return typeof index === 'number' && index >= 0;
}
