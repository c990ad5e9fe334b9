import type { ArrayView } from '@hybridcam/core';
import { type Evidence, localisationInput } from './mask.ts';

/**
 * Average precision of the map as a detector of mask pixels: 0 … 1, higher is better; a constant map gets the mask's share of the
 * area. Tied values enter together (one threshold per distinct value), so their order cannot matter.
 */
export function averagePrecision(map: ArrayView, evidence: Evidence): number {
  const { values, inside, insideCount } = localisationInput(map, evidence, 'averagePrecision');
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => values[j]! - values[i]!,
  );
  let hits = 0;
  let precisionSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let added = 0;
    while (end < order.length && values[order[end]!] === values[order[start]!])
      added += inside[order[end++]!]!;
    hits += added;
    precisionSum += (added * hits) / end;
    start = end;
  }
  return precisionSum / insideCount;
}
