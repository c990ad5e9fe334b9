import { ImageFormatError } from '@hybridcam/core';
import type { ImageSource } from '../image.ts';
import { describeBytes } from './describe-bytes.ts';
import type { ExifOrientation } from './exif-orientation.ts';
import { isJpeg, jpegHeader } from './jpeg-header.ts';
import { isPng, pngHeader } from './png-header.ts';
import { isWebp, webpHeader } from './webp-header.ts';

/** What a picture says about itself before anything is decoded. */
export interface ImageHeader {
  readonly format: ImageSource['format'];
  /** Of the stored raster, before any EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorModel: ImageSource['colorModel'];
  readonly hasAlpha: boolean;
  readonly hasIccProfile: boolean;
  readonly exif: ExifOrientation | undefined;
}

/**
 * Reads format, size and colour model of a JPEG, PNG or WebP without decoding it.
 * @throws ImageFormatError for anything else, saying what it looks like, and for a header that is damaged or cut off
 */
export function imageHeader(bytes: Uint8Array, where: string): ImageHeader {
  const parse = isJpeg(bytes)
    ? jpegHeader
    : isPng(bytes)
      ? pngHeader
      : isWebp(bytes)
        ? webpHeader
        : undefined;
  if (!parse) {
    throw new ImageFormatError(
      `${where}: expected a JPEG, PNG or WebP image; received ${describeBytes(bytes)}.`,
    );
  }
  const header = parse(bytes);
  if (typeof header === 'string') {
    throw new ImageFormatError(`${where}: expected a whole image; received ${header}.`);
  }
  if (header.width < 1 || header.height < 1) {
    throw new ImageFormatError(
      `${where}: expected a size of at least 1×1 in the header; received ${header.width}×${header.height}.`,
    );
  }
  return header;
}
