import { readAscii, readUint32 } from './bytes.ts';
import { type ExifOrientation, exifOrientation } from './exif-orientation.ts';
import type { ImageHeader } from './image-header.ts';

const signature = '\x89PNG\r\n\x1a\n';
const colorModels: Readonly<Record<number, ImageHeader['colorModel']>> = {
  0: 'grey',
  2: 'rgb',
  3: 'palette',
  4: 'grey',
  6: 'rgb',
};

export function isPng(bytes: Uint8Array): boolean {
  return readAscii(bytes, 0, 8) === signature;
}

/** Reads IHDR and walks the other chunks. @returns the header, or what is wrong */
export function pngHeader(bytes: Uint8Array): ImageHeader | string {
  const width = readUint32(bytes, 16, false);
  const height = readUint32(bytes, 20, false);
  const [bitDepth, colorType] = [bytes[24], bytes[25]];
  if (width === undefined || height === undefined || bitDepth === undefined || colorType === undefined) {
    return `a PNG cut off in its header, after ${bytes.length} bytes`;
  }
  if (readAscii(bytes, 12, 4) !== 'IHDR') return 'a PNG that does not start with IHDR';
  const colorModel = colorModels[colorType];
  if (colorModel === undefined) return `a PNG with the unknown colour type ${colorType}`;
  let hasAlpha = colorType === 4 || colorType === 6;
  let hasIccProfile = false;
  let exif: ExifOrientation | undefined;
  let at = 33;
  while (at + 8 <= bytes.length) {
    const length = readUint32(bytes, at, false)!;
    const type = readAscii(bytes, at + 4, 4);
    if (type === 'IEND') break;
    if (type === 'tRNS') hasAlpha = true;
    if (type === 'iCCP') hasIccProfile = true;
    if (type === 'eXIf') exif ??= exifOrientation(bytes, at + 8, at + 8 + length);
    at += 12 + length;
  }
  return { format: 'png', width, height, bitDepth, colorModel, hasAlpha, hasIccProfile, exif };
}
