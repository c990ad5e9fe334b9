import { ShapeError } from '@hybridcam/core';

/**
 * A decoded picture: 8-bit RGBA, row-major [height, width, 4], alpha not premultiplied.
 *
 * `decode` of `@hybridcam/image/node` and of `@hybridcam/image/browser` return opaque ones with `source`; a canvas'
 * `ImageData` is one too. Nothing here reads alpha: like PIL's `convert('RGB')`, it is dropped, not composited.
 */
export interface Image {
  /** RGBA bytes, [height, width, 4]. */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** What the file was and what decoding did to it; undefined for pixels made in memory. */
  readonly source?: ImageSource | undefined;
}

/** What a picture's file was and what decoding did to it, for the record of an explanation. */
export interface ImageSource {
  readonly format: 'jpeg' | 'png' | 'webp';
  /** EXIF orientation tag of the file, 1 (upright, also when there is none) to 8. */
  readonly orientation: Orientation;
  /** Whether the pixels were turned upright by it; false with `orientation: 'ignore'`. */
  readonly orientationApplied: boolean;
  /** The file carries an ICC profile. It is never applied: PIL, and so every torchvision model, ignores it. */
  readonly hadIccProfile: boolean;
  /** The file carries transparency. It is dropped, as PIL's `convert('RGB')` does. */
  readonly hadAlpha: boolean;
  /** Bits per channel of the file. 16 is reduced to the high byte, which is outside the parity promise. */
  readonly bitDepth: number;
  /** Colour model of the file. CMYK is converted, which is outside the parity promise. */
  readonly colorModel: 'grey' | 'rgb' | 'palette' | 'cmyk';
}

/** EXIF orientation: how the stored raster must be turned to stand upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** @throws ShapeError when the sizes are not positive integers or `data` does not hold width · height · 4 bytes */
export function assertImage(image: Image, where: string): void {
  const { data, width, height } = image;
  if (!isExtent(width) || !isExtent(height)) {
    throw new ShapeError(
      `${where}: expected a positive integer width and height; received ${width}×${height}.`,
    );
  }
  if (data?.length !== width * height * 4) {
    throw new ShapeError(
      `${where}: expected ${width * height * 4} RGBA bytes for ${width}×${height}; received ${data?.length}. ` +
        'Three-channel pixels need an alpha byte each.',
    );
  }
}

function isExtent(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
