import type { ArrayView } from '@hybridcam/core';
import type { Colormap } from './colormap.ts';
import { viridis } from './colormaps/viridis.ts';
import { areRising, expectOption } from './expect-option.ts';
import { readMap, type ScalarMap } from './scalar-map.ts';

/**
 * Which values take the two ends of the colour map. `unit`: 0 and 1; `minmax`: the map's own smallest and largest value;
 * `symmetric`: −m and m with m the largest magnitude, for signed maps; or two numbers, what lies outside is clipped.
 */
export type ValueRange = 'unit' | 'minmax' | 'symmetric' | readonly [low: number, high: number];

/** What `heatmap`, `overlay` and the figures need to turn values into colours. */
export interface ColorOptions {
  /** Default: `viridis`. */
  readonly colormap?: Colormap;
  /** Default: `symmetric` for a diverging colour map, else `unit`, where values outside [0, 1] are an error, never silently clipped. */
  readonly range?: ValueRange;
  /** Default: the colour map's own rule. */
  readonly quantize?: Colormap['quantize'];
}

/** Float32 rounding of a normalised map may step over 1 by this much. */
const unitSlack = 1e-6;

/**
 * The values at the two ends of the colours that `heatmap` and `overlay` give a map [height, width]: what a colour bar beside it says.
 * @throws as `heatmap`
 * @example colorEnds(cam, { colormap: jetMatplotlib, range: 'minmax' }) // [smallest, largest]
 */
export function colorEnds(
  map: ArrayView,
  { colormap = viridis, range }: Pick<ColorOptions, 'colormap' | 'range'> = {},
): readonly [low: number, high: number] {
  return resolveRange(readMap(map, 'colorEnds'), range, colormap, 'colorEnds');
}

/**
 * The two values at the ends of the colour map.
 * @throws OptionError when `unit` is asked of values outside [0, 1], or low is not below high
 */
export function resolveRange(
  map: ScalarMap,
  range: ValueRange | undefined,
  colormap: Colormap,
  where: string,
): readonly [low: number, high: number] {
  const wanted = range ?? (colormap.diverging ? 'symmetric' : 'unit');
  if (wanted === 'unit') {
    expectOption(
      map.min >= -unitSlack && map.max <= 1 + unitSlack,
      where,
      'values in [0, 1] with range "unit"',
      `${map.min} to ${map.max}`,
      ' Normalise the map, or pass range "minmax", "symmetric" or [low, high].',
    );
    return [0, 1];
  }
  if (wanted === 'minmax') return [map.min, map.max];
  if (wanted === 'symmetric') {
    const extent = Math.max(Math.abs(map.min), Math.abs(map.max));
    return [-extent, extent];
  }
  expectOption(
    Array.isArray(wanted) && areRising(wanted[0], wanted[1]),
    where,
    'range "unit", "minmax", "symmetric" or two finite numbers in rising order',
    JSON.stringify(wanted),
  );
  return wanted;
}

/**
 * `value` as a share of the range, in float32 like matplotlib's `Normalize` on a float32 map. A range of no extent gives
 * 0, for a diverging colour map (only zeros there) the neutral middle.
 */
export function shareOfRange(value: number, low: number, high: number, diverging: boolean): number {
  if (low === high) return diverging ? 0.5 : 0;
  return Math.fround(
    Math.fround(value - Math.fround(low)) / Math.fround(Math.fround(high) - Math.fround(low)),
  );
}
