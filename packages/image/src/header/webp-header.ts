import { readAscii, readUint16, readUint32 } from './bytes.ts';
import { type ExifOrientation, exifOrientation } from './exif-orientation.ts';
import type { ImageHeader } from './image-header.ts';

export function isWebp(bytes: Uint8Array): boolean {
  return readAscii(bytes, 0, 4) === 'RIFF' && readAscii(bytes, 8, 4) === 'WEBP';
}

/** Walks the RIFF chunks; the first of VP8X, VP8L and VP8 says the size. @returns the header, or what is wrong */
export function webpHeader(bytes: Uint8Array): ImageHeader | string {
  let frame: { width: number; height: number; hasAlpha: boolean } | undefined;
  let hasIccProfile = false;
  let exif: ExifOrientation | undefined;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = readUint32(bytes, at + 4, true)!;
    const data = at + 8;
    switch (readAscii(bytes, at, 4)) {
      case 'VP8X':
        frame ??= extended(bytes, data);
        break;
      case 'VP8L':
        frame ??= lossless(bytes, data);
        break;
      case 'VP8 ':
        frame ??= lossy(bytes, data);
        break;
      case 'ICCP':
        hasIccProfile = true;
        break;
      case 'EXIF':
        // Some writers keep JPEG's "Exif\0\0" in front of the TIFF structure.
        exif ??= exifOrientation(bytes, data + (readAscii(bytes, data, 4) === 'Exif' ? 6 : 0), data + length);
        break;
    }
    at = data + length + (length % 2);
  }
  if (!frame) return `a WebP cut off in its header, after ${bytes.length} bytes`;
  return { format: 'webp', ...frame, bitDepth: 8, colorModel: 'rgb', hasIccProfile, exif };
}

function extended(
  bytes: Uint8Array,
  at: number,
): { width: number; height: number; hasAlpha: boolean } | undefined {
  const [flags, low, high] = [bytes[at], readUint32(bytes, at + 4, true), readUint16(bytes, at + 8, true)];
  if (flags === undefined || low === undefined || high === undefined) return undefined;
  return {
    width: (low & 0xffffff) + 1,
    height: (low >>> 24) + high * 256 + 1,
    hasAlpha: (flags & 0x10) !== 0,
  };
}

function lossless(
  bytes: Uint8Array,
  at: number,
): { width: number; height: number; hasAlpha: boolean } | undefined {
  const bits = readUint32(bytes, at + 1, true);
  if (bytes[at] !== 0x2f || bits === undefined) return undefined;
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    hasAlpha: ((bits >>> 28) & 1) === 1,
  };
}

function lossy(
  bytes: Uint8Array,
  at: number,
): { width: number; height: number; hasAlpha: boolean } | undefined {
  const width = readUint16(bytes, at + 6, true);
  const height = readUint16(bytes, at + 8, true);
  if (readAscii(bytes, at + 3, 3) !== '\x9d\x01\x2a' || width === undefined || height === undefined) {
    return undefined;
  }
  return { width: width & 0x3fff, height: height & 0x3fff, hasAlpha: false };
}
