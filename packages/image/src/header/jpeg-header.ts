import { readAscii, readUint16 } from './bytes.ts';
import { type ExifOrientation, exifOrientation } from './exif-orientation.ts';
import type { ImageHeader } from './image-header.ts';

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Walks the segments up to the frame header (SOFn). @returns the header, or what is wrong */
export function jpegHeader(bytes: Uint8Array): ImageHeader | string {
  let exif: ExifOrientation | undefined;
  let hasExif = false;
  let hasIccProfile = false;
  let at = 2;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) {
      // Decoders skip stray bytes between segments; so do we, up to the next marker.
      at++;
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++; // fill byte
      continue;
    }
    at += 2;
    if (marker === undefined) break;
    if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) continue; // no payload
    if (marker === 0xd9 || marker === 0xda) return 'a JPEG with no frame header before its data';
    const length = readUint16(bytes, at, false);
    if (length === undefined) break;
    if (length < 2) return 'a JPEG with a damaged segment';
    const end = at + length;
    if (isFrame(marker)) {
      const [bitDepth, components] = [bytes[at + 2], bytes[at + 7]];
      const height = readUint16(bytes, at + 3, false);
      const width = readUint16(bytes, at + 5, false);
      if (bitDepth === undefined || components === undefined || !height || !width) break;
      if (components !== 1 && components !== 3 && components !== 4) {
        return `a JPEG with ${components} colour components`;
      }
      const colorModel = components === 1 ? 'grey' : components === 3 ? 'rgb' : 'cmyk';
      return { format: 'jpeg', width, height, bitDepth, colorModel, hasAlpha: false, hasIccProfile, exif };
    }
    if (marker === 0xe1 && !hasExif && readAscii(bytes, at + 2, 6) === 'Exif\0\0') {
      hasExif = true;
      exif = exifOrientation(bytes, at + 8, end);
    }
    if (marker === 0xe2 && readAscii(bytes, at + 2, 12) === 'ICC_PROFILE\0') hasIccProfile = true;
    at = end;
  }
  return `a JPEG cut off in its header, after ${bytes.length} bytes`;
}

/** SOF0…SOF15 without DHT, JPG and DAC, which share the range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
