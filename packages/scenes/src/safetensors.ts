import { LimitError, ModelFormatError } from '@hybridcam/core';

/** Far above any real header, far below what would hurt. */
export const maximumHeaderBytes: number = 25 * 1024 * 1024;
export const maximumTensors = 100_000;
const maximumRank = 16;

const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;
export type SafetensorsType = keyof typeof bytesPerElement;

export interface SafetensorsTensor {
  readonly dataType: SafetensorsType;
  readonly shape: readonly number[];
  /** Little-endian, row-major; a view into the file's bytes, not a copy. */
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
}

/**
 * Reads a safetensors file: an 8-byte little-endian header length, a JSON header, then the tensors without gaps. Follows the format's
 * own rules: no overlap, no hole, no unused tail, no name twice.
 *
 * @throws ModelFormatError naming the tensor and the rule it breaks
 * @throws LimitError for a header or a number of tensors above the limits
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  if (file.length < 8) throw malformed('at least 8 bytes', `${file.length}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = view.getUint32(0, true) + view.getUint32(4, true) * 4294967296;
  if (headerLength > file.length - 8) {
    throw malformed(
      `a header that ends within the file's ${file.length} bytes`,
      `a header length of ${headerLength}`,
    );
  }
  if (headerLength > maximumHeaderBytes) {
    throw new LimitError(
      `readSafetensors: expected a header of at most ${maximumHeaderBytes} bytes; received ${headerLength}.`,
    );
  }
  const header = readHeader(file.subarray(8, 8 + headerLength));
  const data = file.subarray(8 + headerLength);
  const metadata = new Map<string, string>();
  const spans: Span[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, value] of Object.entries(asRecord(entry, name))) {
        if (typeof value !== 'string')
          throw malformed('metadata of strings only', `"${key}": ${typeof value}`);
        metadata.set(key, value);
      }
    } else spans.push(readSpan(name, asRecord(entry, name)));
  }
  if (spans.length > maximumTensors) {
    throw new LimitError(
      `readSafetensors: expected at most ${maximumTensors} tensors; received ${spans.length}.`,
    );
  }
  const tensors = new Map<string, SafetensorsTensor>();
  let end = 0;
  for (const span of spans.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (span.begin !== end) throw malformed(`tensor "${span.name}" to begin at byte ${end}`, `${span.begin}`);
    if (span.end > data.length) {
      throw malformed(`tensor "${span.name}" within the file's ${data.length} data bytes`, `end ${span.end}`);
    }
    end = span.end;
    const { dataType, shape } = span;
    tensors.set(span.name, { dataType, shape, bytes: data.subarray(span.begin, span.end) });
  }
  if (end !== data.length)
    throw malformed(`data to end with the last tensor at byte ${end}`, `${data.length} bytes`);
  return { metadata, tensors };
}

/**
 * The values as float32.
 * @throws ModelFormatError for a type whose values float32 cannot hold (integers of more than 16 bits, float64, BOOL)
 */
export function tensorToFloat32(tensor: SafetensorsTensor): Float32Array {
  const { bytes, dataType } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytesPerElement[dataType];
  const values = new Float32Array(bytes.length / size);
  const read = floatReaders[dataType];
  if (read === undefined)
    throw malformed(`a tensor of type ${Object.keys(floatReaders).join(', ')}`, dataType);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * size);
  return values;
}

const floatReaders: Partial<Record<SafetensorsType, (view: DataView, at: number) => number>> = {
  F32: (view, at) => view.getFloat32(at, true),
  F16: (view, at) => fromHalf(view.getUint16(at, true)),
  BF16: (view, at) => fromBfloat(view.getUint16(at, true)),
  U8: (view, at) => view.getUint8(at),
  I8: (view, at) => view.getInt8(at),
  U16: (view, at) => view.getUint16(at, true),
  I16: (view, at) => view.getInt16(at, true),
};

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

function fromBfloat(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

interface Span {
  readonly name: string;
  readonly dataType: SafetensorsType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readSpan(name: string, entry: Record<string, unknown>): Span {
  const { dtype, shape, data_offsets: offsets } = entry;
  const extra = Object.keys(entry).find((key) => !['dtype', 'shape', 'data_offsets'].includes(key));
  if (extra !== undefined) throw malformed(`"${name}" to hold dtype, shape and data_offsets`, `"${extra}"`);
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesPerElement, dtype)) {
    throw malformed(`"${name}" to have dtype ${Object.keys(bytesPerElement).join(', ')}`, shown(dtype));
  }
  if (!isSizes(shape) || shape.length > maximumRank) {
    throw malformed(`"${name}" to have a shape of at most ${maximumRank} whole numbers`, shown(shape));
  }
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw malformed(`"${name}" to have data_offsets [begin, end]`, shown(offsets));
  }
  const [begin, end] = offsets as [number, number];
  const dataType = dtype as SafetensorsType;
  const size = shape.reduce((product, extent) => product * extent, bytesPerElement[dataType]);
  if (size !== end - begin) {
    throw malformed(`"${name}" ${dtype} [${shape}] to take ${size} bytes`, `${end - begin}`);
  }
  return { name, dataType, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
}

function asRecord(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`"${name}" to be a JSON object`, shown(value));
  }
  return value as Record<string, unknown>;
}

function readHeader(bytes: Uint8Array): Record<string, unknown> {
  const text = decodeUtf8(bytes);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new ModelFormatError('readSafetensors: expected a JSON header; received text that is not JSON.', {
      cause,
    });
  }
  const record = asRecord(header, 'header');
  // JSON.parse keeps the last of two equal keys without a word; a file that relies on it reads differently elsewhere.
  if (countColons(text) !== countKeys(record)) throw malformed('every key once', 'a repeated key');
  if (Object.hasOwn(record, '__proto__')) throw malformed('tensor names', '"__proto__"');
  return record;
}

/** Colons outside of strings: one per key of a JSON text, repeated keys included. */
function countColons(text: string): number {
  let count = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === ':') count++;
  }
  return count;
}

function countKeys(value: unknown): number {
  let count = 0;
  // A list, not recursion: nesting is the file's choice.
  const pending: unknown[] = [value];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    if (typeof current !== 'object' || current === null) continue;
    if (!Array.isArray(current)) count += Object.keys(current).length;
    for (const child of Object.values(current)) if (child !== null) pending.push(child);
  }
  return count;
}

/** TextDecoder is not part of the language; headers are ASCII but for odd names. */
function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let ascii = true;
  for (let start = 0; start < bytes.length; start += 8192) {
    const chunk = bytes.subarray(start, start + 8192);
    if (chunk.some((byte) => byte > 127)) ascii = false;
    text += String.fromCharCode(...chunk);
  }
  if (ascii) return text;
  try {
    return decodeURIComponent(
      text.replace(/[%\x80-\xff]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    );
  } catch (cause) {
    throw new ModelFormatError('readSafetensors: expected a header in UTF-8; received other bytes.', {
      cause,
    });
  }
}

/** For a message: JSON of what the header holds, which may be nested deeper than `JSON.stringify` can follow. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    return 'something nested too deep';
  }
}

/** Names and numbers are the file's: a message shows their beginning. */
function clipped(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

function malformed(expected: string, received: string): ModelFormatError {
  return new ModelFormatError(
    `readSafetensors: expected ${clipped(expected)}; received ${clipped(received)}. Check that the file is a complete safetensors file.`,
  );
}
