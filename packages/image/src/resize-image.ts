import { LimitError, ShapeError } from '@hybridcam/core';
import type { Extent } from './geometry.ts';
import { assertImage, type Image } from './image.ts';
import { maxInputPixels } from './preprocess.ts';
import type { ResizeFilter } from './preprocessing.ts';
import { resizeRgb } from './resize/resize-rgb.ts';
import { rgbToRgba } from './rgb-to-rgba.ts';

/**
 * The image at exactly `size`, opaque, resized as PIL does.
 * @param filter default: `bilinear`
 * @throws ShapeError when a side is no positive integer
 * @throws LimitError when the result would exceed `maxInputPixels`
 */
export function resizeImage(
  image: Image,
  { width, height }: Extent,
  filter: ResizeFilter = 'bilinear',
): Image {
  assertImage(image, 'resizeImage');
  if (![width, height].every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new ShapeError(
      `resizeImage: expected a positive integer width and height; received ${width}×${height}.`,
    );
  }
  if (width * height > maxInputPixels) {
    throw new LimitError(
      `resizeImage: expected at most ${maxInputPixels} pixels; received ${width}×${height}.`,
    );
  }
  const window = { width, height, left: 0, top: 0, cropWidth: width, cropHeight: height };
  return { data: rgbToRgba(resizeRgb(image, window, filter)), width, height };
}
