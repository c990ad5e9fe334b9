import { LimitError, ModelFormatError, UnsupportedError } from '@hybridcam/core';
import { bytesPerElement, type DataType } from './data-type.ts';
import { halfToFloat } from './half.ts';
import { READ_LIMITS } from './limits.ts';
import type { OnnxTensor } from './onnx-model.ts';
import { WIRE, WireReader, wireSource } from './wire-reader.ts';

/** Bytes of external data files by the location that the model names; looked up as a plain key, never as a path. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

export function elementCount(tensor: Pick<OnnxTensor, 'dims'>): number {
  return tensor.dims.reduce((product, extent) => product * extent, 1);
}

/**
 * Little-endian values of a tensor stored raw, in the model or in an external file: a view, nothing is copied.
 * undefined where the values are stored in typed fields instead.
 * @throws ModelFormatError when the bytes are missing or their number does not match the shape
 */
export function rawValues(tensor: OnnxTensor, files?: ExternalFiles): Uint8Array | undefined {
  const size = bytesPerElement(tensor.dataType);
  if (size === undefined) return undefined;
  const expected = elementCount(tensor) * size;
  let raw = tensor.rawData;
  if (tensor.external) {
    const { location, offset, length } = tensor.external;
    const file = files?.get(location);
    if (!file) {
      throw new ModelFormatError(
        `readOnnx: expected external data file "${location}" for tensor "${tensor.name}"; it was not given. Pass its bytes with the model.`,
      );
    }
    raw = file.subarray(offset, length === undefined ? file.length : offset + length);
    // A file may be longer than the one tensor that names no length.
    if (length === undefined && raw.length > expected) raw = raw.subarray(0, expected);
  }
  if (raw === undefined) return undefined;
  if (raw.length !== expected) {
    throw new ModelFormatError(
      `readOnnx: expected ${expected} bytes for tensor "${tensor.name}" [${tensor.dims}] ${tensor.dataType}; received ${raw.length}.`,
    );
  }
  return raw;
}

/**
 * A tensor's values as float32 in a new array (or an aligned view of the file): float32, float16, bfloat16 and float64 in
 * any storage form, integer types too.
 * @throws UnsupportedError for strings, complex and sub-byte types
 */
export function tensorFloats(tensor: OnnxTensor, files?: ExternalFiles): Float32Array {
  const raw = rawValues(tensor, files);
  if (tensor.dataType === 'float32' && raw) {
    if (raw.byteOffset % 4 === 0) return new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4);
    // Not slice(): Node's Buffer overrides it with a view.
    return new Float32Array(new Uint8Array(raw).buffer);
  }
  const values = new Float32Array(raw ? elementCount(tensor) : countInRecord(tensor));
  readInto(tensor, raw, values);
  return values;
}

/**
 * Values of a small tensor (shape, axes, pads) as numbers. int64 beyond 2^53 arrive as "very large".
 * @throws LimitError for more values than any such parameter has
 */
export function tensorNumbers(tensor: OnnxTensor, files?: ExternalFiles): number[] {
  if (elementCount(tensor) > READ_LIMITS.integers) {
    throw new LimitError(
      `readOnnx: expected at most ${READ_LIMITS.integers} values in parameter "${tensor.name}"; received ${elementCount(tensor)}.`,
    );
  }
  const values = new Array<number>(elementCount(tensor)).fill(0);
  readInto(tensor, rawValues(tensor, files), values);
  return values;
}

/** A shape is a claim: where no raw bytes were compared with it, it is compared with the record before anything is allocated for it. */
function countInRecord(tensor: OnnxTensor): number {
  const count = elementCount(tensor);
  const stored = tensor.message.length;
  if (count > stored) {
    throw new ModelFormatError(
      `readOnnx: expected ${count} values in tensor "${tensor.name}" [${tensor.dims}]; its record has only ${stored} bytes.`,
    );
  }
  return count;
}

function readInto(tensor: OnnxTensor, raw: Uint8Array | undefined, out: Float32Array | number[]): void {
  if (raw) {
    const read = rawReader(tensor.dataType);
    const size = bytesPerElement(tensor.dataType);
    if (!read || !size) throw notNumeric(tensor);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    for (let i = 0; i < out.length; i++) out[i] = read(view, i * size);
    return;
  }
  readTyped(tensor, out);
}

type ReadAt = (view: DataView, at: number) => number;

function rawReader(type: DataType): ReadAt | undefined {
  switch (type) {
    case 'float32':
      return (view, at) => view.getFloat32(at, true);
    case 'float64':
      return (view, at) => view.getFloat64(at, true);
    case 'float16':
      return (view, at) => halfToFloat(view.getUint16(at, true));
    case 'bfloat16':
      return (view, at) => bfloat16ToFloat(view.getUint16(at, true));
    case 'int64':
      return (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
    case 'uint64':
      return (view, at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
    case 'int32':
      return (view, at) => view.getInt32(at, true);
    case 'uint32':
      return (view, at) => view.getUint32(at, true);
    case 'int16':
      return (view, at) => view.getInt16(at, true);
    case 'uint16':
      return (view, at) => view.getUint16(at, true);
    case 'int8':
      return (view, at) => view.getInt8(at);
    case 'uint8':
    case 'bool':
      return (view, at) => view.getUint8(at);
    default:
      return undefined;
  }
}

const bfloatBits = new Uint32Array(1);
const bfloatValue = new Float32Array(bfloatBits.buffer);

function bfloat16ToFloat(bits: number): number {
  bfloatBits[0] = bits << 16;
  return bfloatValue[0]!;
}

/** Values in float_data (4), int32_data (5: also halves and bools as bits), int64_data (7), double_data (10), uint64_data (11). */
function readTyped(tensor: OnnxTensor, out: Float32Array | number[]): void {
  const { dataType } = tensor;
  const field = TYPED_FIELD[dataType];
  if (field === undefined) throw notNumeric(tensor);
  const reader = new WireReader(wireSource(tensor.message), 0, tensor.message.length);
  let count = 0;
  const push = (value: number): void => {
    if (count < out.length) out[count] = value;
    count++;
  };
  while (reader.next()) {
    if (reader.field !== field) continue;
    if (field === 4 || field === 10) {
      const size = field === 4 ? 4 : 8;
      const values = reader.fixedCount(size);
      for (let i = 0; i < values; i++) {
        const at = reader.start + i * size;
        push(size === 4 ? reader.source.view.getFloat32(at, true) : reader.source.view.getFloat64(at, true));
      }
      continue;
    }
    const integers: number[] = [];
    if (reader.wire === WIRE.bytes || reader.wire === WIRE.varint) reader.integers(integers);
    for (const bits of integers) {
      if (dataType === 'float16') push(halfToFloat(bits & 0xffff));
      else if (dataType === 'bfloat16') push(bfloat16ToFloat(bits & 0xffff));
      else push(bits);
    }
  }
  if (count !== out.length) {
    throw new ModelFormatError(
      `readOnnx: expected ${out.length} values in tensor "${tensor.name}" [${tensor.dims}]; received ${count}. The file is damaged.`,
    );
  }
}

const TYPED_FIELD: Partial<Record<DataType, number>> = {
  float32: 4,
  int32: 5,
  uint32: 11,
  int16: 5,
  uint16: 5,
  int8: 5,
  uint8: 5,
  bool: 5,
  float16: 5,
  bfloat16: 5,
  int64: 7,
  float64: 10,
  uint64: 11,
};

function notNumeric(tensor: OnnxTensor): UnsupportedError {
  return new UnsupportedError(
    `readOnnx: expected a numeric tensor; received "${tensor.name}" of type ${tensor.dataType}.`,
  );
}
