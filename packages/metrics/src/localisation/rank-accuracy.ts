import type { ArrayView } from '@hybridcam/core';
import { pixelOrder } from '../pixel-order.ts';
import { type Evidence, localisationInput } from './mask.ts';

export interface RankAccuracy {
  /** Share of the top |mask| pixels that lie inside: 0 … 1, higher is better. */
  readonly rankAccuracy: number;
  /** Intersection over union of those pixels and the mask; exactly rankAccuracy / (2 − rankAccuracy). */
  readonly iou: number;
}

/** Relevance rank accuracy and IoU at the mask's own size. Arras et al., CLEVR-XAI, 2022. Ties go in raster order. */
export function rankAccuracy(map: ArrayView, evidence: Evidence): RankAccuracy {
  const { inside, insideCount } = localisationInput(map, evidence, 'rankAccuracy');
  const { pixels } = pixelOrder(map);
  let hits = 0;
  for (let rank = 0; rank < insideCount; rank++) hits += inside[pixels[rank]!]!;
  const accuracy = hits / insideCount;
  return { rankAccuracy: accuracy, iou: accuracy / (2 - accuracy) };
}
