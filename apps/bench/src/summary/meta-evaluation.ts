import { bootstrapMean, type Interval, type MetricName, metricFacts, spearman } from '@hybridcam/metrics';
import { isControl } from '../evaluation/method-row.ts';
import type { MetricRecord } from '../records/record.ts';
import { exampleOf, summaryTitle } from './summarise.ts';

/** What maps can be held against where the evidence is known, in the order of tables. */
export const truthMetrics = ['energy', 'rank-accuracy', 'intervention'] as const;
export type TruthMetric = (typeof truthMetrics)[number];

/** How well a metric that needs no truth ranks the maps of an image as a truth does. */
export interface Agreement {
  /** Mean over images of Spearman's correlation between metric and truth over the maps of that image; −1 … 1. */
  readonly correlation: number;
  readonly interval: Interval | undefined;
  readonly count: number;
}

export interface MetricTrust {
  readonly metric: MetricName;
  readonly preset: string;
  /** With each truth that was measured, `truthMetrics` first. */
  readonly agreements: ReadonlyMap<TruthMetric, Agreement>;
}

/** Fewer maps per image have no ranking worth the name. */
const FEWEST_MAPS = 4;

/**
 * For each metric without ground truth: does it put the maps of an image in the order in which the truth puts them? Turned so that 1
 * always means agreement, also where lower is better. Controls are left out: the oracle is made of the truth, and any metric tells random
 * maps from the rest. Best agreement with the first truth first.
 */
export function metaEvaluation(records: readonly MetricRecord[], seed = 0): MetricTrust[] {
  const byImage = valuesByImage(records);
  const found = new Map<string, Map<TruthMetric, number[]>>();
  for (const families of byImage.values()) {
    for (const truth of truthMetrics) {
      for (const truths of families.filter(({ metric }) => metric === truth)) {
        for (const { metric, preset, maps } of families) {
          if (!isOnTrial(metric)) continue;
          const rho = agreement(metric, maps, truths.maps);
          if (rho === undefined) continue;
          const key = JSON.stringify([metric, preset]);
          const byTruth = found.get(key) ?? new Map<TruthMetric, number[]>();
          found.set(key, byTruth.set(truth, [...(byTruth.get(truth) ?? []), rho]));
        }
      }
    }
  }
  const trust = [...found].map(([key, byTruth]): MetricTrust => {
    const [metric, preset] = JSON.parse(key) as [MetricName, string];
    const agreements = truthMetrics.flatMap((truth): [TruthMetric, Agreement][] => {
      const values = byTruth.get(truth);
      if (!values) return [];
      const correlation = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [[truth, { correlation, interval: bootstrapMean(values, { seed }), count: values.length }]];
    });
    return { metric, preset, agreements: new Map(agreements) };
  });
  const first = ({ agreements }: MetricTrust) =>
    truthMetrics.map((truth) => agreements.get(truth)).find((one) => one)?.correlation ?? 0;
  return trust.sort((a, b) => first(b) - first(a));
}

/** The values of one image under one metric, by map; with evidence one for each truth that is told of the image. */
interface FamilyValues {
  readonly metric: MetricName;
  readonly preset: string;
  readonly maps: Map<string, number>;
}

function valuesByImage(records: readonly MetricRecord[]): Map<string, FamilyValues[]> {
  const byImage = new Map<string, Map<string, FamilyValues>>();
  for (const record of records) {
    const { value, method, flags, sha256, preset } = record;
    if (value === null || isControl(method) || flags.includes('misclassified')) continue;
    const families = byImage.get(sha256) ?? new Map<string, FamilyValues>();
    const key = JSON.stringify([record.metric, preset, exampleOf(record)]);
    const family = families.get(key) ?? {
      metric: record.metric as MetricName,
      preset,
      maps: new Map<string, number>(),
    };
    family.maps.set(summaryTitle(record), value);
    byImage.set(sha256, families.set(key, family));
  }
  return new Map([...byImage].map(([image, families]) => [image, [...families.values()]]));
}

/** Not what needs or is a truth itself; and a sanity check is passed or failed, it ranks nothing. */
function isOnTrial(metric: MetricName): boolean {
  const { needsEvidence, family } = metricFacts[metric];
  return !needsEvidence && family !== 'sanity' && family !== 'intervention';
}

function agreement(
  metric: MetricName,
  values: ReadonlyMap<string, number>,
  truths: ReadonlyMap<string, number>,
): number | undefined {
  const shared = [...truths.keys()].filter((row) => values.has(row));
  if (shared.length < FEWEST_MAPS) return undefined;
  const rho = spearman(
    shared.map((row) => truths.get(row)!),
    shared.map((row) => values.get(row)!),
  );
  return rho === undefined ? undefined : (metricFacts[metric].direction === 'lower-is-better' ? -1 : 1) * rho;
}
