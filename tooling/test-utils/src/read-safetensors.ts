import { readFileSync } from 'node:fs';

/** A row-major tensor that every function taking an `ArrayView` accepts as it is. */
export interface StoredTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: number[];
  readonly stride: number[];
  readonly offset: 0;
}

/** Every tensor of a safetensors file by name, as float32 (F32 and I32 only: what our reference files hold). */
export function readSafetensors(file: string): ReadonlyMap<string, StoredTensor> {
  const bytes = readFileSync(file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<string, Entry>;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [start, end] = entry.data_offsets.map((offset) => 8 + headerLength + offset) as [number, number];
    tensors.set(name, {
      data: decode(entry.dtype, new Uint8Array(bytes.subarray(start, end)).buffer),
      shape: entry.shape,
      stride: rowMajor(entry.shape),
      offset: 0,
    });
  }
  return tensors;
}

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: readonly [number, number];
}

function decode(dtype: string, buffer: ArrayBuffer): Float32Array<ArrayBuffer> {
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'I32') return Float32Array.from(new Int32Array(buffer));
  throw new Error(`readSafetensors: expected dtype F32 or I32; received ${dtype}.`);
}

function rowMajor(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let size = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = size;
    size *= shape[axis]!;
  }
  return stride;
}
