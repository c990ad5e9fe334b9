import { type AbortSignalLike, LimitError, OptionError } from '@hybridcam/core';
import type { ImageHeader } from './header/image-header.ts';

export interface DecodeOptions {
  /**
   * `exif`: turn the picture upright by its EXIF orientation, as every viewer and PIL's `exif_transpose` do;
   * `ignore`: leave it as stored, as a bare `Image.open`. Default: `exif`.
   */
  readonly orientation?: 'exif' | 'ignore' | undefined;
  /** Pictures with more pixels are refused before anything is decoded. Default: `defaultMaxPixels`. */
  readonly maxPixels?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/** 2^26 pixels: 64-megapixel phones pass, and a decoded picture never takes more than 256 MiB. */
export const defaultMaxPixels: number = 2 ** 26;

/** 512 MiB: a file of more is a mistake, the largest picture allowed has half as many bytes when decoded. */
export const maxFileBytes: number = 2 ** 29;

/** @throws OptionError when an option is not one of its values */
export function resolveDecodeOptions(
  options: DecodeOptions,
  where: string,
): { orientation: 'exif' | 'ignore'; maxPixels: number } {
  const { orientation = 'exif', maxPixels = defaultMaxPixels } = options;
  if (orientation !== 'exif' && orientation !== 'ignore') {
    throw new OptionError(
      `${where}: expected orientation "exif" or "ignore"; received ${JSON.stringify(orientation)}.`,
    );
  }
  if (!Number.isSafeInteger(maxPixels) || maxPixels < 1) {
    throw new OptionError(`${where}: expected maxPixels to be a positive integer; received ${maxPixels}.`);
  }
  return { orientation, maxPixels };
}

/** @throws LimitError when the header announces more pixels than allowed */
export function assertPixelLimit({ width, height }: ImageHeader, maxPixels: number, where: string): void {
  if (width * height > maxPixels) {
    throw new LimitError(
      `${where}: expected at most ${maxPixels} pixels; received ${width}×${height} = ${width * height}. ` +
        'Scale the picture down, or raise maxPixels.',
    );
  }
}
