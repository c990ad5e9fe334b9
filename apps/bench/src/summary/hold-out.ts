import { type MetricName, metricFacts } from '@hybridcam/metrics';
import { contentKey } from '../records/canonical-json.ts';
import type { MetricRecord } from '../records/record.ts';

export interface HeldOut {
  /** Records of the judging half, with only the chosen alpha of each mixing method. */
  readonly records: readonly MetricRecord[];
  /** `hybrid @ layer4.2: α 0.5, chosen on 100 images by insertion`, one per method and layer. */
  readonly choices: readonly string[];
}

/**
 * Chooses each mixing method's alpha by the mean of `metric` on one half of the images and keeps the other half to judge it, so that no
 * number comes from an image it was tuned on. Halves go by content hash: the same whatever order the images came in.
 */
export function holdOut(records: readonly MetricRecord[], metric: MetricName): HeldOut {
  const tunes = ({ sha256 }: MetricRecord) =>
    Number.parseInt(contentKey(['half', sha256]).slice(0, 2), 16) % 2 === 0;
  const sign = metricFacts[metric].direction === 'lower-is-better' ? -1 : 1;
  const sums = new Map<string, Map<string, { sum: number; count: number }>>();
  for (const record of records) {
    const alpha = record.params['alpha'];
    if (alpha === undefined || record.metric !== metric || record.value === null || !tunes(record)) continue;
    const alphas = sums.get(groupOf(record)) ?? new Map<string, { sum: number; count: number }>();
    const entry = alphas.get(String(alpha)) ?? { sum: 0, count: 0 };
    alphas.set(String(alpha), { sum: entry.sum + record.value, count: entry.count + 1 });
    sums.set(groupOf(record), alphas);
  }
  const chosen = new Map<string, string>();
  const choices: string[] = [];
  for (const [group, alphas] of sums) {
    const [best] = [...alphas].sort(([, a], [, b]) => sign * (b.sum / b.count - a.sum / a.count));
    chosen.set(group, best![0]);
    choices.push(`${group}: α ${best![0]}, chosen on ${best![1].count} images by ${metric}`);
  }
  return {
    records: records.filter((record) => {
      const alpha = record.params['alpha'];
      return !tunes(record) && (alpha === undefined || chosen.get(groupOf(record)) === String(alpha));
    }),
    choices,
  };
}

function groupOf({ method, layer }: MetricRecord): string {
  return `${method} @ ${layer}`;
}
