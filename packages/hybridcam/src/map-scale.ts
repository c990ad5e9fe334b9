import type { ExplanationRecord, MapRange } from '@hybridcam/core';
import type { Colormap, Scale } from '@hybridcam/viz';

/** The colour bar of one raw map: its values, and what they are measured in. `low` and `high` are those at the ends of its colours. */
export function rawScale(
  colormap: Colormap,
  [low, high]: readonly [low: number, high: number],
  { unit }: Pick<MapRange, 'unit'>,
  { target }: Pick<ExplanationRecord, 'target'>,
): Scale {
  const measured = unit === 'score' ? `in units of ${target.description}` : 'relative, without a unit';
  return { colormap, low, high, title: `evidence (${measured})` };
}

/** The colour bar of maps that each have a range of their own: what one colour means in all of them. */
export function sharedScale(colormap: Colormap, normalize: 'max' | 'minmax' | 'none'): Scale {
  if (colormap.diverging) {
    return { colormap, low: -1, high: 1, title: "share of each map's largest magnitude" };
  }
  const title = {
    max: "share of each map's maximum",
    minmax: "share of each map's range, from its minimum",
    none: "share of each map's range, from 0 or its minimum",
  }[normalize];
  return { colormap, low: 0, high: 1, title };
}
