import { LimitError, type NdArray, view } from '@hybridcam/core';
import { type Geometry, inputGeometry } from './geometry.ts';
import { assertImage, type Image } from './image.ts';
import { normalizeRgb } from './normalize-rgb.ts';
import type { Preprocessing } from './preprocessing.ts';
import { cropRgb } from './resize/crop-rgb.ts';
import { type PreprocessingOptions, resolvePreprocessing } from './resolve-preprocessing.ts';
import { rgbToRgba } from './rgb-to-rgba.ts';

/** What the network gets, what it sees, and where that lies on the picture. */
export interface Preprocessed {
  /** [1, 3, height, width], float32. */
  readonly input: NdArray<Float32Array>;
  /** The resized and cropped picture as bytes, before normalisation: what an overlay at input size is drawn on. */
  readonly seen: Image;
  /** For `placeOnOriginal`, `toOriginal` and `toInput`. */
  readonly geometry: Geometry;
  /** What was done, completely: the preset with its overrides. */
  readonly preprocessing: Preprocessing;
}

/** A network input of more pixels is refused: resizing a 1×50000 sliver by its shorter side would ask for gigabytes. */
export const maxInputPixels: number = 2 ** 24;

/**
 * Turns an image into a network's input exactly as PIL and torchvision do: same pixels, same float32 bits.
 *
 * `input` is [1, 3, height, width], `(value / divisor − mean) / std` in float32 steps.
 * Default: the `torchvision` preset (Resize 256, CenterCrop 224, ImageNet mean and std).
 *
 * @example
 * const { input } = preprocess(image, { preset: 'minus-one-one' });
 * input.shape // → [1, 3, 224, 224]
 *
 * @throws ShapeError when `image.data` does not hold width · height · 4 bytes
 * @throws OptionError when an option is not valid; see `resolvePreprocessing`
 * @throws LimitError when the input would exceed `maxInputPixels`
 */
export function preprocess(image: Image, options: PreprocessingOptions = {}): Preprocessed {
  assertImage(image, 'preprocess');
  const preprocessing = resolvePreprocessing(options);
  const orientation = image.source?.orientationApplied ? image.source.orientation : 1;
  const geometry = inputGeometry(image, preprocessing.resize, preprocessing.crop, orientation);
  const { width, height } = geometry.input;
  if (width * height > maxInputPixels) {
    throw new LimitError(
      `preprocess: expected at most ${maxInputPixels} pixels in the network's input; received ${width}×${height} ` +
        `from a ${image.width}×${image.height} image. Give a crop, or resize mode "squash".`,
    );
  }
  const filter = preprocessing.resize.mode === 'none' ? 'bilinear' : preprocessing.resize.filter;
  const rgb = cropRgb(image, geometry, filter);
  return {
    input: view(normalizeRgb(rgb, preprocessing), [1, 3, height, width]),
    seen: { data: rgbToRgba(rgb), width, height },
    geometry,
    preprocessing,
  };
}
