import { ModelFormatError } from '@hybridcam/core';
import { elementCount } from '../network/element-count.ts';
import type { Parameter } from '../network/network.ts';
import { type ElementType, elementReader, elementSize } from './decode-elements.ts';
import type { TensorReference } from './pickle-value.ts';
import { storedParameter } from './stored-parameter.ts';

/**
 * A strided tensor of a storage as a parameter in row-major order; where it does not lie so, its elements are gathered each time
 * `data` is read.
 * @throws ModelFormatError when the tensor reaches beyond its storage
 */
export function stridedParameter(
  storage: Uint8Array,
  type: ElementType,
  tensor: TensorReference,
  what: string,
): Parameter {
  const { shape, stride, storageOffset } = tensor;
  const width = elementSize(type);
  const size = elementCount(shape);
  const last =
    size === 0
      ? storageOffset - 1
      : shape.reduce((end, extent, axis) => end + (extent - 1) * stride[axis]!, storageOffset);
  if (!(last < storage.length / width)) {
    throw new ModelFormatError(`${what}: reaches element ${last} of a storage of ${storage.length / width}.`);
  }
  if (isContiguous(shape, stride)) {
    const start = storageOffset * width;
    return storedParameter(shape, storage.subarray(start, start + size * width), type);
  }
  return {
    shape,
    get data() {
      return gather(elementReader(storage, type), tensor);
    },
  };
}

function gather(
  read: (index: number) => number,
  { shape, stride, storageOffset }: TensorReference,
): Float32Array {
  const values = new Float32Array(elementCount(shape));
  const index = new Array<number>(shape.length).fill(0);
  let position = storageOffset;
  for (let i = 0; i < values.length; i++) {
    values[i] = read(position);
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
