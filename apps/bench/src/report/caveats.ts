import { isControl } from '../evaluation/method-row.ts';
import type { MetricRecord } from '../records/record.ts';
import type { RunDescription } from '../records/run-description.ts';
import type { SummaryRow } from '../summary/summarise.ts';

/** What a careful reader should be told about these very numbers, worked out from them. */
export function caveats(run: RunDescription, records: readonly MetricRecord[]): string[] {
  const images = new Map(records.map((record) => [record.sha256, record.p]));
  const count = images.size;
  const confidence = [...images.values()].reduce((sum, p) => sum + p, 0) / Math.max(1, count);
  const share = (flag: string, metric?: string) => {
    const relevant = records.filter((record) => !metric || record.metric === metric);
    return relevant.length === 0
      ? 0
      : relevant.filter(({ flags }) => flags.includes(flag)).length / relevant.length;
  };
  const found: string[] = [];
  if (count < 50)
    found.push(
      `Only ${count} images: differences of a few per cent cannot be seen. At ten images a difference of half a per cent is a coin flip.`,
    );
  if (confidence < 0.3)
    found.push(
      `The network is unsure of what it explains (mean probability ${confidence.toFixed(2)}). The images may lie outside what it was trained on.`,
    );
  if (share('leaky-baseline') > 0.1)
    found.push(
      `The insertion baseline still gives the class more than 5 % on ${percent(share('leaky-baseline', 'insertion'))} of the curves: it leaks what it should hide. Compare with --baseline heavy-blur.`,
    );
  if (share('many-ties') > 0.1)
    found.push(
      `More than 5 % of pixels are tied in ${percent(share('many-ties', 'insertion'))} of the maps; their order is raster order, by rule.`,
    );
  if (share('misclassified') > 0)
    found.push(
      `${percent(share('misclassified'))} of the values belong to images whose explained class is not the true one; localisation leaves them out.`,
    );
  const empty = ['no-positive-evidence', 'zero-gradient', 'constant', 'disjoint-parents'].filter(
    (flag) => share(flag) > 0,
  );
  for (const flag of empty)
    found.push(`${percent(share(flag))} of the values come from maps that are ${flag.replaceAll('-', ' ')}.`);
  if (run.protocol.model.sha256 === null)
    found.push('The model has no hash: this run cannot be tied to exact weights.');
  return found;
}

/** Said of rows of which a reader might pick the best: alphas and layers of one method, all judged on the same images. */
export function tuningCaveats(rows: readonly SummaryRow[]): string[] {
  const most = (choice: (row: SummaryRow) => string | undefined) => {
    const values = new Map<string, Set<string>>();
    for (const row of rows) {
      const value = isControl(row.method) ? undefined : choice(row);
      if (value !== undefined) values.set(row.method, (values.get(row.method) ?? new Set()).add(value));
    }
    return Math.max(0, ...[...values.values()].map(({ size }) => size));
  };
  const chosen = [
    { name: 'α', values: 'values', count: most(({ params }) => params['alpha']?.toString()) },
    { name: 'layer', values: 'layers', count: most(({ layer }) => layer) },
  ];
  return chosen
    .filter(({ count }) => count > 1)
    .map(
      ({ name, values, count }) =>
        `One method stands here with ${count} ${name === 'α' ? `${values} of α` : values} on the same images. A best ${name} picked from them is chosen on the test data; use --holdout to choose it on a disjoint half.`,
    );
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 1 ? '< 1' : value.toFixed(0)} %`;
}
