import type { NdArray } from 'ndarray';
import createNdarray from 'ndarray';
import { ShapeError } from './errors.ts';
import { stridedView } from './strided-view.ts';

/** Anything shaped like an ndarray: affine view over flat storage. Inputs may have any strides and offset. */
export interface ArrayView<T extends ArrayLike<number> = ArrayLike<number>> {
  readonly data: T;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/**
 * An ndarray over `data`, row-major. The only place in the toolkit that constructs one.
 * @throws ShapeError when `data` does not hold exactly the product of `shape`
 */
export function view(data: Float32Array, shape: readonly number[]): NdArray<Float32Array> {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0) || size !== data.length) {
    throw new ShapeError(`view: expected ${size} values for shape [${shape}]; received ${data.length}.`);
  }
  return construct(data, [...shape]);
}

/**
 * `ndarray` generates a constructor per rank with `new Function`. Where that is forbidden its first construction throws
 * an EvalError, and from then on the same interface is served without generated code.
 */
let construct = (data: Float32Array, shape: number[]): NdArray<Float32Array> => {
  try {
    return createNdarray(data, shape);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    construct = stridedView;
    return stridedView(data, shape);
  }
};

/** The values in row-major order: the data itself when it already lies so, else a packed float32 copy. */
export function pack(array: ArrayView): Float32Array {
  const { data, shape, stride, offset } = array;
  const size = shape.reduce((product, extent) => product * extent, 1);
  let expected = 1;
  let contiguous = offset === 0 && data instanceof Float32Array && data.length === size;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) contiguous = false;
    expected *= shape[axis]!;
  }
  if (contiguous) return data as Float32Array;
  const packed = new Float32Array(size);
  const index = new Array<number>(shape.length).fill(0);
  let position = offset;
  for (let i = 0; i < size; i++) {
    packed[i] = data[position]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      position += stride[axis]!;
      if (index[axis]! < shape[axis]!) break;
      position -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return packed;
}
