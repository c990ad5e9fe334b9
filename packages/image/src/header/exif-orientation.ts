import type { Orientation } from '../image.ts';
import { readAscii, readUint16, readUint32 } from './bytes.ts';

/** EXIF's orientation and where its value lies in the file, for decoders that must not see it. */
export interface ExifOrientation {
  readonly value: Orientation;
  /** Offset of the two bytes that hold the value. */
  readonly offset: number;
  readonly littleEndian: boolean;
}

const orientationTag = 0x0112;
const longType = 4;
/** IFD0 of real cameras has some dozen entries; the count is an attacker's uint16. */
const maxEntries = 1024;

/** Reads tag 0x0112 of IFD0 from a TIFF structure at `start`; undefined when absent, malformed or not 1 to 8. */
export function exifOrientation(bytes: Uint8Array, start: number, end: number): ExifOrientation | undefined {
  const exif = bytes.subarray(0, end);
  const byteOrder = readAscii(exif, start, 2);
  if (byteOrder !== 'II' && byteOrder !== 'MM') return undefined;
  const littleEndian = byteOrder === 'II';
  if (readUint16(exif, start + 2, littleEndian) !== 42) return undefined;
  const directory = readUint32(exif, start + 4, littleEndian);
  if (directory === undefined) return undefined;
  const count = Math.min(maxEntries, readUint16(exif, start + directory, littleEndian) ?? 0);
  for (let entry = 0; entry < count; entry++) {
    const at = start + directory + 2 + entry * 12;
    if (readUint16(exif, at, littleEndian) !== orientationTag) continue;
    // A SHORT by the standard; a few programs write a LONG, and PIL reads it.
    const isLong = readUint16(exif, at + 2, littleEndian) === longType;
    const offset = isLong && !littleEndian ? at + 10 : at + 8;
    const value = isLong ? readUint32(exif, at + 8, littleEndian) : readUint16(exif, offset, littleEndian);
    return isOrientation(value) ? { value, offset, littleEndian } : undefined;
  }
  return undefined;
}

function isOrientation(value: number | undefined): value is Orientation {
  return value !== undefined && value >= 1 && value <= 8;
}
