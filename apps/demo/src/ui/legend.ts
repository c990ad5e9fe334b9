import type { ScoreKind } from '@hybridcam/core';
import type { Colormap } from '@hybridcam/viz';
import { number } from '../text/format.ts';
import { h } from './dom.ts';

/** The colour scale with its unit. @returns the line below it, and what it says while nobody points at a value */
export function legend(
  root: HTMLElement,
  colormap: Colormap,
  peak: number | undefined,
  scoreKind: ScoreKind,
): { readonly line: HTMLElement; readonly meaning: string } {
  const bar = h('canvas', { width: 256, height: 1, class: 'legend-bar', 'aria-hidden': 'true' });
  const context = bar.getContext('2d')!;
  const image = context.createImageData(256, 1);
  for (let i = 0; i < 256; i++) {
    image.data.set(colormap.table.subarray(3 * i, 3 * i + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  const unit = scoreKind === 'logit' ? 'logits' : 'probability';
  const [high, meaning] =
    peak === undefined ? ['1', 'relative evidence'] : [number(peak), `evidence per cell, ${unit}`];
  const line = h('span', { class: 'legend-unit', id: 'map-value' }, meaning);
  root.replaceChildren(h('span', {}, '0'), bar, h('span', {}, high), line);
  return { line, meaning };
}
