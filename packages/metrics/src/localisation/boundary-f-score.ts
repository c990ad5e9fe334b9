import type { ArrayView } from '@hybridcam/core';
import { pixelOrder } from '../pixel-order.ts';
import { type Evidence, localisationInput } from './mask.ts';

/**
 * Boundary F-score: do the outlines of the top |mask| pixels and of the mask run within `tolerance` of each other? 0 … 1, higher is
 * better. Precision is the share of the map's outline near the mask's, recall the reverse.
 *
 * `tolerance` in pixels; default 2 % of the longer side, at least 1. After Csurka et al., BMVC 2013.
 */
export function boundaryFScore(
  map: ArrayView,
  evidence: Evidence,
  options: { readonly tolerance?: number } = {},
): number {
  const { inside, insideCount, height, width } = localisationInput(map, evidence, 'boundaryFScore');
  const tolerance = options.tolerance ?? Math.max(1, 0.02 * Math.max(height, width));
  const { ranks } = pixelOrder(map);
  const chosen = Uint8Array.from(ranks, (rank) => (rank < insideCount ? 1 : 0));
  const outline = outlineOf(chosen, height, width);
  const truth = outlineOf(inside, height, width);
  const precision = shareNear(outline, truth, tolerance, width);
  const recall = shareNear(truth, outline, tolerance, width);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** Inside pixels with a 4-neighbour outside, or at the border of the picture. */
function outlineOf(inside: Uint8Array, height: number, width: number): number[] {
  const outline: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (!inside[i]) continue;
      const interior =
        y > 0 &&
        y < height - 1 &&
        x > 0 &&
        x < width - 1 &&
        inside[i - 1] &&
        inside[i + 1] &&
        inside[i - width] &&
        inside[i + width];
      if (!interior) outline.push(i);
    }
  }
  return outline;
}

function shareNear(from: readonly number[], to: readonly number[], tolerance: number, width: number): number {
  const targets = new Set(to);
  const reach = Math.floor(tolerance);
  let near = 0;
  for (const i of from) {
    const y = Math.floor(i / width);
    const x = i - y * width;
    search: for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if (dx * dx + dy * dy > tolerance * tolerance || x + dx < 0 || x + dx >= width) continue;
        if (targets.has((y + dy) * width + x + dx)) {
          near++;
          break search;
        }
      }
    }
  }
  return from.length === 0 ? 0 : near / from.length;
}
