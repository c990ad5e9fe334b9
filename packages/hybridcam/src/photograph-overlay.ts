import type { ArrayView } from '@hybridcam/core';
import { type Geometry, type Image, placeOnOriginal } from '@hybridcam/image';
import { type OverlayOptions, overlay, type RgbaImage } from '@hybridcam/viz';

/**
 * A saliency map on the whole photograph: the crop and resize of preprocessing undone, so that every cell lies on what the
 * network saw there. What the crop cut off, where nothing is known, is dimmed.
 *
 * `saliencyMap` is [height, width] of the model input; `photograph` may be a scaled copy of the one that `geometry` speaks of.
 */
export function photographOverlay(
  photograph: Image,
  saliencyMap: ArrayView,
  geometry: Geometry,
  options: Omit<OverlayOptions, 'seen'>,
): RgbaImage {
  const { width, height } = photograph;
  const { map, seen } = placeOnOriginal(saliencyMap, { ...geometry, original: { width, height } });
  return overlay(photograph, map, { ...options, seen });
}
