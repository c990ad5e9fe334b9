import type { MetricRecord } from '../src/records/record.ts';

/** One value per image for a method under a metric. */
export function toyRecords(
  method: string,
  values: readonly (number | null)[],
  options: { metric?: string; alpha?: number; flags?: readonly string[] } = {},
): MetricRecord[] {
  const { metric = 'insertion', alpha, flags = [] } = options;
  return values.map((value, i) => ({
    v: 1,
    key: `${method}-${alpha}-${metric}-${i}`,
    image: `image-${i}.png`,
    sha256: `${i}`.padStart(64, '0'),
    class: 1,
    p: 0.9,
    method,
    params: alpha === undefined ? {} : { alpha },
    layer: 'layer4',
    metric,
    preset: 'rise',
    value,
    flags,
  }));
}

export const series = (count: number, of: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => of(i));
