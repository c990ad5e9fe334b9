import type { ExifOrientation } from './exif-orientation.ts';

/**
 * The file with its EXIF orientation set to 1, as parts to be joined; nothing is copied but the two bytes of the value.
 * In a PNG the chunk's check sum is then wrong, and decoders skip an optional chunk with a wrong check sum.
 */
export function withoutOrientation(bytes: Uint8Array, exif: ExifOrientation | undefined): Uint8Array[] {
  if (!exif || exif.value === 1) return [bytes];
  const upright = new Uint8Array(exif.littleEndian ? [1, 0] : [0, 1]);
  return [bytes.subarray(0, exif.offset), upright, bytes.subarray(exif.offset + 2)];
}
