import type { Geometry } from '../geometry.ts';
import type { Image } from '../image.ts';
import type { ResizeFilter } from '../preprocessing.ts';
import { resizeRgb } from './resize-rgb.ts';

/**
 * The resized and cropped picture, padded with black where the crop reaches outside, as torchvision's `CenterCrop`.
 * @returns RGB bytes, [geometry.input.height, geometry.input.width, 3]
 */
export function cropRgb(image: Image, geometry: Geometry, filter: ResizeFilter): Uint8ClampedArray {
  const { resized, input, offset } = geometry;
  const left = Math.max(0, offset.x);
  const top = Math.max(0, offset.y);
  const cropWidth = Math.min(resized.width, offset.x + input.width) - left;
  const cropHeight = Math.min(resized.height, offset.y + input.height) - top;
  const inside = resizeRgb(image, { ...resized, left, top, cropWidth, cropHeight }, filter);
  if (cropWidth === input.width && cropHeight === input.height) return inside;
  const padded = new Uint8ClampedArray(input.width * input.height * 3);
  for (let y = 0; y < cropHeight; y++) {
    const row = inside.subarray(y * cropWidth * 3, (y + 1) * cropWidth * 3);
    padded.set(row, ((top - offset.y + y) * input.width + left - offset.x) * 3);
  }
  return padded;
}
