import { halfToFloat } from '@hybridcam/onnx';

/** Types of a checkpoint's elements; bool is read as uint8. */
export type ElementType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'uint32'
  | 'int16'
  | 'uint16'
  | 'int8'
  | 'uint8';

const SIZES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  uint64: 8,
  int32: 4,
  uint32: 4,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
};

export function elementSize(type: ElementType): number {
  return SIZES[type];
}

/**
 * Little-endian elements as float32 (integers rounded to the nearest). A float32 view of the same bytes where they are aligned, so
 * that a checkpoint is not held twice; otherwise a copy.
 */
export function decodeElements(bytes: Uint8Array, type: ElementType): Float32Array {
  const count = bytes.length / SIZES[type];
  if (type === 'float32' && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const buffer = bytes.slice().buffer;
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float16': {
      const table = halfTable();
      return Float32Array.from(new Uint16Array(buffer), (half) => table[half]!);
    }
    case 'bfloat16': {
      const words = Uint32Array.from(new Uint16Array(buffer), (half) => half << 16);
      return new Float32Array(words.buffer);
    }
    case 'float64':
      return Float32Array.from(new Float64Array(buffer));
    case 'int64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'uint64':
      return Float32Array.from(new BigUint64Array(buffer), Number);
    case 'int32':
      return Float32Array.from(new Int32Array(buffer));
    case 'uint32':
      return Float32Array.from(new Uint32Array(buffer));
    case 'int16':
      return Float32Array.from(new Int16Array(buffer));
    case 'uint16':
      return Float32Array.from(new Uint16Array(buffer));
    case 'int8':
      return Float32Array.from(new Int8Array(buffer));
    case 'uint8':
      return Float32Array.from(bytes);
  }
}

let halves: Float32Array | undefined;

/** All 65536 halves: a checkpoint has millions of them. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToFloat(bits));
  return halves;
}
