import { type ArrayView, ShapeError } from '@hybridcam/core';
import { colorIndex } from './colormap.ts';
import { viridis } from './colormaps/viridis.ts';
import { isFlat, markStatus, type StatusOptions } from './degenerate.ts';
import { dimUnseen } from './dim-unseen.ts';
import { expectOption } from './expect-option.ts';
import type { Rectangle } from './paint/paint.ts';
import { checkImage, type RgbaImage } from './rgba-image.ts';
import { readMap, type ScalarMap } from './scalar-map.ts';
import { type ColorOptions, resolveRange, shareOfRange } from './value-range.ts';

export interface OverlayOptions extends ColorOptions, StatusOptions {
  /** Share of the colours in the mix, 0 (picture only) to 1 (colours only). Default: 0.5. */
  readonly opacity?: number;
  /**
   * `uniform`: the same opacity everywhere, as the reference; `value`: opacity times the value's share of the range (its
   * distance from zero for a diverging colour map), so the picture stays clear where there is no evidence.
   * Default: `uniform`, `value` for a diverging colour map.
   */
  readonly weighting?: 'uniform' | 'value';
  /** The part of the picture the network saw; the rest is shown dimmed and without colours. Default: all of it. */
  readonly seen?: Rectangle;
}

/**
 * A map over its picture: opacity · colour + (1 − opacity) · picture, truncated to 8 bits like `plt.imsave`.
 *
 * `map` is [height, width] of the picture: upsampled already and, on an original photograph, placed by the image package's
 * `placeOnOriginal`, whose `seen` goes here too. With `{ colormap: jet }` this is the reference's overlay. The picture's
 * transparency is kept. A map whose values are all equal leaves the picture uncoloured, and a line of text says why.
 *
 * @throws ShapeError when map and picture differ in size
 * @throws NonFiniteError on NaN or infinity
 * @throws OptionError on opacity outside [0, 1], or values outside [0, 1] when no other `range` was asked for
 * @example overlay(image, saliencyMap, { opacity: 0.4 })
 */
export function overlay(image: RgbaImage, map: ArrayView, options: OverlayOptions = {}): RgbaImage {
  checkImage(image, 'overlay');
  const { opacity = 0.5, colormap = viridis, badge = true, seen } = options;
  const { weighting = colormap.diverging ? 'value' : 'uniform', quantize = colormap.quantize } = options;
  expectOption(opacity >= 0 && opacity <= 1, 'overlay', 'opacity in [0, 1]', opacity);
  expectOption(
    weighting === 'uniform' || weighting === 'value',
    'overlay',
    'weighting "uniform" or "value"',
    JSON.stringify(weighting),
  );
  const scalar = readMap(map, 'overlay');
  checkSameSize(image, scalar, 'overlay');
  const [low, high] = resolveRange(scalar, options.range, colormap, 'overlay');
  const full = isFlat(scalar) && badge ? 0 : opacity;
  const { values, width, height } = scalar;
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < height; y++) {
    const rowSeen = seen === undefined || (y >= seen.top && y < seen.top + seen.height);
    for (let x = 0; x < width; x++) {
      const share = shareOfRange(values[y * width + x]!, low, high, colormap.diverging);
      let weight = full;
      if (weighting === 'value') weight *= strength(share, colormap.diverging);
      if (!rowSeen || (seen && (x < seen.left || x >= seen.left + seen.width))) weight = 0;
      const entry = 3 * colorIndex(share, quantize);
      const at = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        // The tiny summand keeps whole numbers whole: at opacity 0 the picture comes back unchanged.
        data[at + channel] =
          weight * colormap.table[entry + channel]! + (1 - weight) * image.data[at + channel]! + 1e-9;
      }
      data[at + 3] = image.data[at + 3]!;
    }
  }
  const mixed = { data, width, height };
  if (seen) dimUnseen(mixed, seen, 'overlay');
  return markStatus(mixed, scalar, options);
}

/** @throws ShapeError when they differ */
export function checkSameSize(image: RgbaImage, map: ScalarMap, where: string): void {
  if (map.width === image.width && map.height === image.height) return;
  throw new ShapeError(
    `${where}: expected a map [${image.height}, ${image.width}], the size of the picture; received [${map.height}, ${map.width}]. Upsample it to the model input (\`upsample\`), or place it on the original (\`placeOnOriginal\`).`,
  );
}

function strength(share: number, diverging: boolean): number {
  const clipped = Math.min(1, Math.max(0, share));
  return diverging ? Math.abs(2 * clipped - 1) : clipped;
}
