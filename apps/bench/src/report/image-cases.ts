import { metricFacts } from '@hybridcam/metrics';
import { isControl } from '../evaluation/method-row.ts';
import type { MetricRecord } from '../records/record.ts';
import { bestFirst, exampleOf, type SummaryRow, summaryTitle } from '../summary/summarise.ts';

/** One image under the leading metric. */
export interface ImageCase {
  /** Of any row: name, hash, class and confidence are those of the image. */
  readonly record: MetricRecord;
  readonly isMisclassified: boolean;
  /** By title of the row. */
  readonly values: ReadonlyMap<string, number>;
  /** Largest distance of a shown method to the reference. */
  readonly spread: number;
}

export interface ImageCases {
  readonly metric: SummaryRow['metric'];
  readonly preset: string;
  readonly reference: string;
  /** Titles: the reference, then the best methods, then the controls. */
  readonly shown: readonly string[];
  /** Methods that are not shown, for want of room. */
  readonly hidden: number;
  /** Largest spread first. */
  readonly cases: readonly ImageCase[];
}

/** More maps side by side are a wall. */
const MOST_METHODS = 6;

/** The images under one metric, the first faithfulness metric measured, else the first of all; undefined without a number. */
export function imageCases(
  rows: readonly SummaryRow[],
  records: readonly MetricRecord[],
): ImageCases | undefined {
  const leading = rows.find(({ metric }) => metric === 'insertion') ?? rows[0];
  if (!leading) return undefined;
  const { metric, preset } = leading;
  const family = bestFirst(
    rows.filter((row) => row.metric === metric && row.preset === preset && row.count > 0),
  );
  const reference = family.find((row) => row.isReference) ?? family[0];
  if (!reference) return undefined;
  const methods = family
    .filter((row) => !isControl(row.method))
    .sort((a, b) => Number(b === reference) - Number(a === reference));
  const controls = family.filter((row) => isControl(row.method));
  const shown = [...methods.slice(0, MOST_METHODS), ...controls].map(summaryTitle);
  const title = summaryTitle(reference);
  const spreadOf = (values: ReadonlyMap<string, number>) => {
    const base = values.get(title);
    if (base === undefined) return 0;
    const others = methods.slice(0, MOST_METHODS).map((row) => values.get(summaryTitle(row)) ?? base);
    return Math.max(0, ...others.map((value) => Math.abs(value - base)));
  };
  const cases = [...groupImages(records, metric, preset).values()].map(
    ({ record, isMisclassified, values }) => ({
      record,
      isMisclassified,
      values,
      spread: spreadOf(values),
    }),
  );
  return {
    metric,
    preset,
    reference: title,
    shown,
    hidden: Math.max(0, methods.length - MOST_METHODS),
    cases: cases.sort((a, b) => b.spread - a.spread || (a.record.image < b.record.image ? -1 : 1)),
  };
}

function groupImages(records: readonly MetricRecord[], metric: string, preset: string) {
  const images = new Map<
    string,
    { record: MetricRecord; isMisclassified: boolean; values: Map<string, number> }
  >();
  for (const record of records) {
    if (record.metric !== metric || record.preset !== preset) continue;
    const isMisclassified = record.flags.includes('misclassified');
    const entry = images.get(exampleOf(record)) ?? { record, isMisclassified, values: new Map() };
    if (record.value !== null) entry.values.set(summaryTitle(record), record.value);
    images.set(exampleOf(record), entry);
  }
  return images;
}

export interface CaseGroup {
  readonly title: string;
  readonly note: string;
  readonly cases: readonly ImageCase[];
}

const GROUP_SIZE = 4;

/** The images worth a look: where the network is wrong, where the reference does worst, where methods disagree; each in one group. */
export function caseGroups({ metric, reference, cases }: ImageCases): CaseGroup[] {
  const { direction } = metricFacts[metric];
  const sign = direction === 'lower-is-better' ? -1 : 1;
  const taken = new Set<ImageCase>();
  const take = (candidates: readonly ImageCase[]) => {
    const chosen = candidates.filter((candidate) => !taken.has(candidate)).slice(0, GROUP_SIZE);
    for (const candidate of chosen) taken.add(candidate);
    return chosen;
  };
  const scored = cases.filter(({ values }) => values.has(reference));
  const groups: CaseGroup[] = [
    {
      title: 'Explained class is not the true one',
      note: 'The most confident mistakes first: what did the network look at?',
      cases: take(
        cases.filter(({ isMisclassified }) => isMisclassified).sort((a, b) => b.record.p - a.record.p),
      ),
    },
    {
      title: `Worst ${metric} of ${reference}`,
      note: 'Where the reference explains least by this metric.',
      cases:
        direction === 'descriptive'
          ? []
          : take(scored.toSorted((a, b) => sign * (a.values.get(reference)! - b.values.get(reference)!))),
    },
    {
      title: 'Methods disagree most',
      note: `The largest differences in ${metric} to ${reference}.`,
      cases: take(cases.filter(({ spread }) => spread > 0)),
    },
  ];
  return groups.filter((group) => group.cases.length > 0);
}
