import {
  bootstrapMean,
  comparePaired,
  type FamilyComparison,
  type Interval,
  judgeFamily,
  type MetricName,
  metricFacts,
} from '@hybridcam/metrics';
import { isControl, rowTitle } from '../evaluation/method-row.ts';
import { contentKey } from '../records/canonical-json.ts';
import type { MetricRecord } from '../records/record.ts';

/** A method at a layer under one metric, over all images. */
export interface SummaryRow {
  readonly id: string;
  readonly method: string;
  readonly params: MetricRecord['params'];
  readonly layer: string;
  readonly metric: MetricName;
  readonly preset: string;
  readonly count: number;
  /** Images left out: the metric does not exist for the map, or the class was not the true one. */
  readonly excluded: number;
  /** undefined where no image has a value. */
  readonly mean: number | undefined;
  /** undefined for fewer than two values. */
  readonly standardDeviation: number | undefined;
  readonly interval: Interval | undefined;
  /** Against the reference on the images that both have, judged among the others of its metric; undefined for the reference itself. */
  readonly comparison: FamilyComparison | undefined;
  readonly isReference: boolean;
}

export interface SummaryOptions {
  /** Title of the row compared against (`grad-cam`, `hybrid α0.7`); default `grad-cam` where present, else the first row. */
  readonly reference?: string | undefined;
  /** Layers as the run asked for them: a reference named by its method alone is the one at the first of them. */
  readonly layers?: readonly string[];
  readonly seed?: number;
  readonly resamples?: number;
}

/**
 * Means with bootstrap intervals and paired comparisons with the reference, Holm-corrected over all rows of one metric, as its table
 * shows them.
 * Localisation counts only images whose explained class is the true one.
 */
export function summarise(records: readonly MetricRecord[], options: SummaryOptions = {}): SummaryRow[] {
  const groups = new Map<string, MetricRecord[]>();
  for (const record of records) {
    const id = groupId(record);
    const group = groups.get(id) ?? [];
    group.push(record);
    groups.set(id, group);
  }
  const byMetric = new Map<string, MetricRecord[][]>();
  for (const group of groups.values()) {
    const key = `${group[0]!.metric}|${group[0]!.preset}`;
    byMetric.set(key, [...(byMetric.get(key) ?? []), group]);
  }
  const order = Object.keys(metricFacts);
  return [...byMetric.values()]
    .sort(([a], [b]) => order.indexOf(a![0]!.metric) - order.indexOf(b![0]!.metric))
    .flatMap((family) => summariseMetric(family, options));
}

/** Best first, as the metric's direction has it; rows without a value last. */
export function bestFirst(rows: readonly SummaryRow[]): SummaryRow[] {
  const sign = rows[0] && metricFacts[rows[0].metric].direction === 'lower-is-better' ? 1 : -1;
  return [...rows].sort(
    (a, b) =>
      Number(a.mean === undefined) - Number(b.mean === undefined) || sign * ((a.mean ?? 0) - (b.mean ?? 0)),
  );
}

/** Title and layer of a row, as tables and `--reference` name it. */
export function summaryTitle(row: Pick<SummaryRow, 'method' | 'params' | 'layer'>): string {
  return row.layer ? `${rowTitle(row)} @ ${row.layer}` : rowTitle(row);
}

function summariseMetric(
  family: readonly (readonly MetricRecord[])[],
  options: SummaryOptions,
): SummaryRow[] {
  const seed = options.seed ?? 0;
  const facts = metricFacts[family[0]![0]!.metric as MetricName];
  const values = family.map((group) => usableValues(group));
  const reference = referenceOf(family, options);
  const comparisons = family.map((_, i) => {
    if (i === reference || facts.direction === 'descriptive') return undefined;
    const shared = [...values[i]!.keys()].filter((image) => values[reference]!.has(image)).sort();
    if (shared.length === 0) return undefined;
    return comparePaired(
      shared.map((image) => values[i]!.get(image)!),
      shared.map((image) => values[reference]!.get(image)!),
      {
        direction: facts.direction,
        seed,
        ...(options.resamples ? { resamples: options.resamples } : {}),
      },
    );
  });
  const judged = judgeFamily(comparisons.filter((comparison) => comparison !== undefined));
  const next = judged.values();
  const verdicts = comparisons.map((comparison) => (comparison ? next.next().value : undefined));
  return family.map((group, i) => {
    const { method, params, layer, metric, preset } = group[0]!;
    const numbers = [...values[i]!.values()];
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const square = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      id: groupId(group[0]!),
      method,
      params,
      layer,
      metric: metric as MetricName,
      preset,
      count: numbers.length,
      excluded: group.length - numbers.length,
      mean: numbers.length > 0 ? mean : undefined,
      standardDeviation: numbers.length > 1 ? Math.sqrt(square / (numbers.length - 1)) : undefined,
      interval: bootstrapMean(numbers, {
        seed,
        ...(options.resamples ? { resamples: options.resamples } : {}),
      }),
      comparison: verdicts[i],
      isReference: i === reference,
    };
  });
}

/** Value by `exampleOf`, in the order of the images; without those where the metric does not exist or the class is wrong. */
export function usableValues(group: readonly MetricRecord[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const record of group) {
    const localises = metricFacts[record.metric as MetricName].needsEvidence;
    if (record.value === null || (localises && record.flags.includes('misclassified'))) continue;
    values.set(exampleOf(record), record.value);
  }
  return values;
}

/** What a value is about: an image, or with evidence one of the truths that are told of it (two boxes on one photograph are two). */
export function exampleOf({ sha256, metric, truth }: MetricRecord): string {
  const seesEvidence = metricFacts[metric as MetricName].needsEvidence;
  return seesEvidence && truth !== undefined ? `${sha256}:${truth}` : sha256;
}

function referenceOf(
  family: readonly (readonly MetricRecord[])[],
  { reference, layers = [] }: SummaryOptions,
): number {
  const titles = family.map((group) => summaryTitle(group[0]!));
  const placeOf = (index: number) => {
    const place = layers.indexOf(family[index]![0]!.layer);
    return place < 0 ? layers.length : place;
  };
  for (const name of [reference, 'grad-cam']) {
    if (name === undefined) continue;
    const exact = titles.indexOf(name);
    if (exact >= 0) return exact;
    const [nearest] = family
      .flatMap((group, i) => (rowTitle(group[0]!) === name ? [i] : []))
      .sort((i, j) => placeOf(i) - placeOf(j) || (titles[i]! < titles[j]! ? -1 : 1));
    if (nearest !== undefined) return nearest;
  }
  return Math.max(
    0,
    family.findIndex((group) => !isControl(group[0]!.method)),
  );
}

function groupId({ method, params, layer, metric, preset }: MetricRecord): string {
  return contentKey([method, params, layer, metric, preset]);
}
