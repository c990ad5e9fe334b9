import { ModelFormatError } from '@hybridcam/core';

/** Reads little-endian fields from bytes, never past the end: a short file is an error that names the offset. */
export interface ByteReader {
  readonly offset: number;
  readonly length: number;
  seek(offset: number): void;
  byte(): number;
  uint16(): number;
  uint32(): number;
  int32(): number;
  /** An unsigned 64-bit field. @throws ModelFormatError when it exceeds what a JavaScript number counts exactly */
  uint64(): number;
  float64BigEndian(): number;
  bytes(count: number): Uint8Array;
  text(count: number): string;
}

export function byteReader(bytes: Uint8Array, what: string): ByteReader {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let offset = 0;
  const take = (count: number) => {
    if (!(count >= 0) || count > bytes.length - offset) {
      throw new ModelFormatError(
        `${what}: expected ${count} bytes at offset ${offset}; the file ends after ${bytes.length - offset}. It is truncated or corrupt.`,
      );
    }
    const start = offset;
    offset += count;
    return start;
  };
  return {
    get offset() {
      return offset;
    },
    length: bytes.length,
    seek(to) {
      offset = 0;
      take(to);
    },
    byte: () => bytes[take(1)]!,
    uint16: () => data.getUint16(take(2), true),
    uint32: () => data.getUint32(take(4), true),
    int32: () => data.getInt32(take(4), true),
    uint64() {
      const value = data.getBigUint64(take(8), true);
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw new ModelFormatError(
          `${what}: a 64-bit length of ${value} at offset ${offset - 8} cannot be real.`,
        );
      }
      return Number(value);
    },
    float64BigEndian: () => data.getFloat64(take(8), false),
    bytes(count) {
      const start = take(count);
      return bytes.subarray(start, start + count);
    },
    text(count) {
      const start = take(count);
      try {
        return utf8.decode(bytes.subarray(start, start + count));
      } catch (cause) {
        throw new ModelFormatError(`${what}: expected UTF-8 text at offset ${start}.`, { cause });
      }
    },
  };
}
