import type { RgbaImage } from './rgba-image.ts';
import { type SheetOptions, sheet } from './sheet.ts';

/** One column of `resultSheet`. */
export interface Result {
  readonly image: RgbaImage;
  readonly overlay: RgbaImage;
  /** Above the picture. Default: `image 1`, `image 2`, … */
  readonly title?: string;
  /** Above the overlay, for example the class and its probability. Default: none. */
  readonly overlayTitle?: string;
}

/**
 * The reference's first figure: pictures in the upper row, their overlays in the lower, 2 × N.
 * @throws OptionError when there are no results
 * @example resultSheet([{ image, overlay: overlay(image, map), title: 'cat.jpg', overlayTitle: 'tabby (0.93)' }])
 */
export function resultSheet(results: readonly Result[], options: SheetOptions = {}): RgbaImage {
  return sheet(
    [
      results.map(({ image, title }, i) => ({ image, title: title ?? `image ${i + 1}` })),
      results.map(({ overlay, overlayTitle }) => ({ image: overlay, title: overlayTitle ?? '' })),
    ],
    options,
  );
}
