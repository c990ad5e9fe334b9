import { type ArrayView, pack, type Status, statusSentences } from '@hybridcam/core';

/** Part of the area that `massShare` speaks of. */
const areaShare = 0.2;

/**
 * What a map [height, width] shows, in words: where its peak lies and how concentrated it is.
 * @example describeMap(cam, 'ok') // 'Evidence peaks upper left; 62 % of it in 20 % of the area.'
 */
export function describeMap(map: ArrayView, status: Status): string {
  if (status !== 'ok') return statusSentences[status];
  const values = pack(map);
  const [height, width] = map.shape as [number, number];
  let peak = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > values[peak]!) peak = i;
    total += Math.max(0, values[i]!);
  }
  const row = (Math.floor(peak / width) + 0.5) / height;
  const column = ((peak % width) + 0.5) / width;
  const share = Math.round((100 * massIn(values, areaShare)) / total);
  return `Evidence peaks ${place(row, column)}; ${share} % of it in ${Math.round(100 * areaShare)} % of the area.`;
}

/** `upper left`, `in the centre`, `right` …: by thirds. */
export function place(row: number, column: number): string {
  const vertical = row < 1 / 3 ? 'upper' : row > 2 / 3 ? 'lower' : '';
  const horizontal = column < 1 / 3 ? 'left' : column > 2 / 3 ? 'right' : '';
  if (vertical && horizontal) return `${vertical} ${horizontal}`;
  if (vertical) return vertical === 'upper' ? 'at the top' : 'at the bottom';
  return horizontal ? `on the ${horizontal}` : 'in the centre';
}

/** Positive mass of the strongest cells that together cover `share` of the area; the last cell counts in part. */
function massIn(values: Float32Array, share: number): number {
  const sorted = Float32Array.from(values).sort().reverse();
  const cells = share * sorted.length;
  let mass = 0;
  for (let i = 0; i < Math.floor(cells); i++) mass += Math.max(0, sorted[i]!);
  return mass + (cells - Math.floor(cells)) * Math.max(0, sorted[Math.floor(cells)] ?? 0);
}
