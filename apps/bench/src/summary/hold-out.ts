import { metricFacts } from '@hybridcam/metrics';
import { isControl, rowTitle } from '../evaluation/method-row.ts';
import { contentKey } from '../records/canonical-json.ts';
import type { Judgement } from '../records/judgement.ts';
import type { MetricRecord } from '../records/record.ts';
import { summaryTitle, usableValues } from './summarise.ts';

export interface HeldOut {
  /** Records of the judging half, with only the chosen row of each method that had several; all records where nothing could be held out. */
  readonly records: readonly MetricRecord[];
  /** Which row each method got and why, or why there is no choice; one sentence each. */
  readonly choices: readonly string[];
  /** Whether what is judged was chosen elsewhere. */
  readonly isHeldOut: boolean;
}

/**
 * Chooses alpha and layer of each method by the mean of one metric on one half of the images and keeps the other half to judge them, so
 * that no number comes from an image it was tuned on. Halves go by content hash: the same whatever order the images came in. A reference
 * named by the user is no choice of ours and stays.
 */
export function holdOut(
  records: readonly MetricRecord[],
  { metric, preset }: NonNullable<Judgement['holdout']>,
  options: { readonly reference?: string | undefined; readonly layers?: readonly string[] } = {},
): HeldOut {
  const judging = records.filter((record) => !tunes(record));
  const tuning = records.filter(
    (record) =>
      tunes(record) && record.metric === metric && record.preset === preset && !isControl(record.method),
  );
  const sign = metricFacts[metric].direction === 'lower-is-better' ? -1 : 1;
  const chosen = new Map<string, string>();
  const choices: string[] = [];
  for (const [method, candidates] of candidatesOf(tuning)) {
    const rows = [...candidates].map(([title, own]) => ({ title, values: usableValues(own) }));
    const images = [...(rows[0]?.values.keys() ?? [])].filter((image) =>
      rows.every(({ values }) => values.has(image)),
    );
    if (rows.length < 2) continue;
    if (images.length === 0)
      return nothing(records, `no image of the choosing half has ${metric} for every ${method}`);
    const mean = ({ values }: (typeof rows)[number]) =>
      images.reduce((sum, image) => sum + values.get(image)!, 0) / images.length;
    const [best] = rows
      .map((row) => ({ title: row.title, mean: mean(row) }))
      .sort((a, b) => sign * (b.mean - a.mean) || (a.title < b.title ? -1 : 1));
    chosen.set(method, best!.title);
    choices.push(
      `${best!.title}: chosen among ${rows.length} by ${metric} (${preset}) on ${images.length} images that are not judged.`,
    );
  }
  if (judging.length === 0) return nothing(records, 'all images fall into the choosing half');
  if (choices.length === 0)
    return nothing(records, 'no method has more than one alpha or layer in the choosing half');
  const named = referenceOf(options);
  return {
    records: judging.filter((record) => {
      const title = summaryTitle(record);
      return (chosen.get(tunedOf(record)) ?? title) === title || named(record);
    }),
    choices,
    isHeldOut: true,
  };
}

function nothing(records: readonly MetricRecord[], reason: string): HeldOut {
  return { records, choices: [`Nothing was held out: ${reason}. All images are judged.`], isHeldOut: false };
}

function tunes({ sha256 }: MetricRecord): boolean {
  return Number.parseInt(contentKey(['half', sha256]).slice(0, 2), 16) % 2 === 0;
}

/** Records by method, then by row. */
function candidatesOf(records: readonly MetricRecord[]): Map<string, Map<string, MetricRecord[]>> {
  const methods = new Map<string, Map<string, MetricRecord[]>>();
  for (const record of records) {
    const rows = methods.get(tunedOf(record)) ?? new Map<string, MetricRecord[]>();
    const row = rows.get(summaryTitle(record)) ?? [];
    row.push(record);
    methods.set(tunedOf(record), rows.set(summaryTitle(record), row));
  }
  return methods;
}

/** What rows that differ only in alpha and layer have in common; controls are nobody's candidates. */
function tunedOf({ method, params }: MetricRecord): string {
  const { alpha: _alpha, ...kept } = params;
  return rowTitle({ method, params: kept });
}

function referenceOf({
  reference,
  layers = [],
}: {
  readonly reference?: string | undefined;
  readonly layers?: readonly string[];
}): (record: MetricRecord) => boolean {
  return (record) =>
    reference !== undefined &&
    (summaryTitle(record) === reference || (rowTitle(record) === reference && record.layer === layers[0]));
}
