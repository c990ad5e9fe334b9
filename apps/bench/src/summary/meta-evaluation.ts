import { bootstrapMean, type Interval, type MetricName, metricFacts, spearman } from '@hybridcam/metrics';
import { isControl } from '../evaluation/method-row.ts';
import type { MetricRecord } from '../records/record.ts';
import { summaryTitle } from './summarise.ts';

/** How well a metric that needs no mask ranks maps as the mask does. */
export interface MetricTrust {
  readonly metric: MetricName;
  readonly preset: string;
  /** Mean over images of Spearman's correlation between metric and truth over the maps of that image; −1 … 1. */
  readonly correlation: number;
  readonly interval: Interval | undefined;
  readonly count: number;
}

/** Fewer maps per image have no ranking worth the name. */
const FEWEST_MAPS = 4;

/**
 * For each metric without ground truth: does it put the maps of an image in the order in which the truth puts them? Turned so that 1
 * always means agreement, also where lower is better. Controls are left out: the oracle is made of the truth, and any metric tells random
 * maps from the rest.
 */
export function metaEvaluation(
  records: readonly MetricRecord[],
  truth: MetricName = 'energy',
  seed = 0,
): MetricTrust[] {
  const byImage = new Map<string, Map<string, Map<string, number>>>();
  for (const record of records) {
    if (record.value === null || isControl(record.method) || record.flags.includes('misclassified')) continue;
    const metrics = byImage.get(record.sha256) ?? new Map<string, Map<string, number>>();
    const key = `${record.metric}|${record.preset}`;
    const maps = metrics.get(key) ?? new Map<string, number>();
    byImage.set(record.sha256, metrics.set(key, maps.set(summaryTitle(record), record.value)));
  }
  const correlations = new Map<string, number[]>();
  for (const metrics of byImage.values()) {
    const [, truths] = [...metrics].find(([key]) => key.startsWith(`${truth}|`)) ?? [];
    if (!truths) continue;
    for (const [key, values] of metrics) {
      const metric = key.split('|')[0] as MetricName;
      const { needsEvidence, family } = metricFacts[metric];
      // A sanity check is passed or failed; it ranks nothing.
      if (needsEvidence || family === 'sanity') continue;
      const shared = [...truths.keys()].filter((row) => values.has(row));
      if (shared.length < FEWEST_MAPS) continue;
      const rho = spearman(
        shared.map((row) => truths.get(row)!),
        shared.map((row) => values.get(row)!),
      );
      if (rho === undefined) continue;
      const sign = metricFacts[metric].direction === 'lower-is-better' ? -1 : 1;
      correlations.set(key, [...(correlations.get(key) ?? []), sign * rho]);
    }
  }
  return [...correlations]
    .map(([key, values]) => {
      const [metric, preset] = key.split('|') as [MetricName, string];
      const correlation = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { metric, preset, correlation, interval: bootstrapMean(values, { seed }), count: values.length };
    })
    .sort((a, b) => b.correlation - a.correlation);
}
