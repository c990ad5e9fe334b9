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

interface Element {
  readonly size: number;
  /** The little-endian element at a byte offset, at any alignment. */
  read(view: DataView, at: number): number;
}

const ELEMENTS: Readonly<Record<ElementType, Element>> = {
  float32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  float16: { size: 2, read: (view, at) => halfTable()[view.getUint16(at, true)]! },
  bfloat16: { size: 2, read: (view, at) => fromBfloat(view.getUint16(at, true)) },
  float64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  // By halves: a BigInt for each element would be an object for each.
  int64: { size: 8, read: (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true) },
  uint64: { size: 8, read: (view, at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true) },
  int32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  uint32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  int16: { size: 2, read: (view, at) => view.getInt16(at, true) },
  uint16: { size: 2, read: (view, at) => view.getUint16(at, true) },
  int8: { size: 1, read: (view, at) => view.getInt8(at) },
  uint8: { size: 1, read: (view, at) => view.getUint8(at) },
};

export function elementSize(type: ElementType): number {
  return ELEMENTS[type].size;
}

/** Reads single elements of a storage as numbers, by their index. */
export function elementReader(bytes: Uint8Array, type: ElementType): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { size, read } = ELEMENTS[type];
  return (index) => read(view, index * size);
}

/** Whether the bytes are a Float32Array as they lie. */
export function isFloat32View(bytes: Uint8Array, type: ElementType): boolean {
  return type === 'float32' && bytes.byteOffset % 4 === 0;
}

/**
 * Little-endian elements as float32 (others rounded to the nearest). A float32 view of the same bytes where they are aligned, so that
 * a checkpoint is not held twice; otherwise a copy, and nothing beside it.
 */
export function decodeElements(bytes: Uint8Array, type: ElementType): Float32Array {
  const count = bytes.length / elementSize(type);
  if (isFloat32View(bytes, type)) return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const read = elementReader(bytes, type);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(i);
  return values;
}

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

function fromBfloat(bits: number): number {
  word[0] = bits << 16;
  return wordAsFloat[0]!;
}

let halves: Float32Array | undefined;

/** All 65536 halves: a checkpoint has millions of them. */
function halfTable(): Float32Array {
  if (halves === undefined) {
    halves = new Float32Array(65536);
    for (let bits = 0; bits < halves.length; bits++) halves[bits] = halfToFloat(bits);
  }
  return halves;
}
