import type { ArrayView } from '@hybridcam/core';
import { colorIndex } from './colormap.ts';
import { viridis } from './colormaps/viridis.ts';
import { markStatus, type StatusOptions } from './degenerate.ts';
import type { RgbaImage } from './rgba-image.ts';
import { readMap } from './scalar-map.ts';
import { type ColorOptions, resolveRange, shareOfRange } from './value-range.ts';

export interface HeatmapOptions extends ColorOptions, StatusOptions {}

/**
 * A map in colours, one pixel per cell: [height, width] in, a picture of the same size out.
 *
 * Upsample the map before, or see its cells. The reference's heatmap file is
 * `heatmap(cam, { colormap: jetMatplotlib, range: 'minmax' })`. A map whose values are all equal gets a line of text that
 * says why, and is enlarged if it is too small for it.
 *
 * @throws ShapeError unless `map` is [height, width]
 * @throws NonFiniteError on NaN or infinity
 * @throws OptionError when values leave [0, 1] and no other `range` was asked for
 * @example heatmap(saliencyMap, { colormap: inferno })
 */
export function heatmap(map: ArrayView, options: HeatmapOptions = {}): RgbaImage {
  const { colormap = viridis, quantize = colormap.quantize } = options;
  const scalar = readMap(map, 'heatmap');
  const [low, high] = resolveRange(scalar, options.range, colormap, 'heatmap');
  const { values, width, height } = scalar;
  const data = new Uint8Array(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    const entry = 3 * colorIndex(shareOfRange(values[i]!, low, high, colormap.diverging), quantize);
    data[4 * i] = colormap.table[entry]!;
    data[4 * i + 1] = colormap.table[entry + 1]!;
    data[4 * i + 2] = colormap.table[entry + 2]!;
    data[4 * i + 3] = 255;
  }
  return markStatus({ data, width, height }, scalar, options);
}
