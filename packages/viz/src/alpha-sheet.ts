import { type ArrayView, defaultAlpha } from '@hybridcam/core';
import { jetMatplotlib } from './colormaps/jet-matplotlib.ts';
import type { StatusOptions } from './degenerate.ts';
import { expectOption } from './expect-option.ts';
import { heatmap } from './heatmap.ts';
import type { RgbaImage } from './rgba-image.ts';
import { type SheetOptions, sheet } from './sheet.ts';
import type { ColorOptions } from './value-range.ts';

/** One panel of `alphaSheet`: a map upsampled to the size it is to be shown in. */
export interface AlphaPanel extends Pick<StatusOptions, 'status'> {
  readonly alpha: number;
  readonly map: ArrayView;
}

export interface AlphaSheetOptions
  extends ColorOptions,
    Omit<SheetOptions, 'legend' | 'rowLabels' | 'columnLabels'> {}

/**
 * The reference's second figure: the hybrid's map for several alpha in one row, each in matplotlib's jet from its own
 * smallest to its own largest value (so colours do not compare between panels).
 *
 * Another `colormap` or `range` may be asked for; `range: 'unit'` makes the panels comparable.
 *
 * @throws OptionError when there are no panels or an alpha is outside [0, 1]; ShapeError, NonFiniteError as `heatmap`
 * @example alphaSheet([0, 0.3, 0.5, 0.7, 1].map((alpha, i) => ({ alpha, map: maps[i]! })))
 */
export function alphaSheet(panels: readonly AlphaPanel[], options: AlphaSheetOptions = {}): RgbaImage {
  const { colormap = jetMatplotlib, range = 'minmax', quantize = colormap.quantize, ...layout } = options;
  const cells = panels.map(({ alpha, map, status }) => {
    expectOption(alpha >= 0 && alpha <= 1, 'alphaSheet', 'alpha in [0, 1]', alpha);
    const picture = heatmap(map, { colormap, range, quantize, ...(status && { status }) });
    return { image: picture, title: `α = ${alpha}\n${alphaMeaning(alpha)}` };
  });
  const caption = range === 'minmax' ? { caption: ownScale } : {};
  return sheet([cells], { title: 'The hybrid for different α', ...caption, ...layout });
}

const ownScale =
  'Each panel spans its own smallest to its own largest value: colours do not compare between panels.';

function alphaMeaning(alpha: number): string {
  if (alpha === 0) return 'LayerCAM alone';
  if (alpha === 1) return 'Grad-CAM alone';
  return alpha === defaultAlpha ? 'the default' : '';
}
