import { ModelFormatError } from '@hybridcam/core';
import type { TensorReference } from './pickle-value.ts';

/**
 * A strided tensor's elements in row-major order; the storage itself where it lies so already.
 * @throws ModelFormatError when the tensor reaches beyond its storage
 */
export function gatherElements(storage: Float32Array, tensor: TensorReference, what: string): Float32Array {
  const { shape, stride, storageOffset } = tensor;
  const size = shape.reduce((product, extent) => product * extent, 1);
  const last =
    size === 0
      ? storageOffset - 1
      : shape.reduce((end, extent, axis) => end + (extent - 1) * stride[axis]!, storageOffset);
  if (!(last < storage.length)) {
    throw new ModelFormatError(`${what}: reaches element ${last} of a storage of ${storage.length}.`);
  }
  if (isContiguous(shape, stride)) return storage.subarray(storageOffset, storageOffset + size);
  const values = new Float32Array(size);
  const index = new Array<number>(shape.length).fill(0);
  let position = storageOffset;
  for (let i = 0; i < size; i++) {
    values[i] = storage[position]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      position -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return values;
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}
