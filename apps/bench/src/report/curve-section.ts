import { quantile, seededRandom } from '@hybridcam/metrics';
import { curveSvg } from '@hybridcam/viz';
import { isControl } from '../evaluation/method-row.ts';
import type { CurveRecord, MetricRecord } from '../records/record.ts';
import { type SummaryRow, summaryTitle } from '../summary/summarise.ts';
import { chartLines } from './chart-lines.ts';
import { type Html, html, trusted } from './html.ts';

/** Resamples of the images for a pointwise band; enough for a picture. */
const RESAMPLES = 400;
const METRICS = ['insertion', 'deletion'] as const;

/** Mean insertion and deletion curves with pointwise bands, and the paired difference of each method to the reference. */
export function curveSection(
  rows: readonly SummaryRow[],
  records: readonly MetricRecord[],
  curves: ReadonlyMap<string, CurveRecord>,
): Html {
  const drawable = rows.filter(({ metric, count }) => count > 0 && METRICS.some((name) => name === metric));
  const titles = chartLines(drawable);
  const charts = METRICS.flatMap((metric) => {
    const family = drawable.filter((row) => row.metric === metric);
    return [...new Set(family.map((row) => row.preset))].flatMap((preset) =>
      chartPair(
        metric,
        preset,
        family.filter((row) => row.preset === preset),
        titles,
        records,
        curves,
      ),
    );
  });
  if (charts.length === 0) return html``;
  const rest =
    new Set(drawable.filter(({ method }) => !isControl(method)).map(summaryTitle)).size -
    titles.filter((title) => !isControl(title)).length;
  return html`<h2 id="curves">Curves</h2>
<p class="soft">Mean score of the explained class over all images, with pointwise 95 % bootstrap bands; beside it the same as a paired difference
to the reference, which is what decides.${rest > 0 ? ` Drawn are the reference, a control for scale and the best by each metric, ${rest} more methods stand in the verdicts.` : ''} A method has
one colour in all charts.</p><div class="charts">${charts.map((chart) => html`<div>${chart}</div>`)}</div>`;
}

function chartPair(
  metric: 'insertion' | 'deletion',
  preset: string,
  family: readonly SummaryRow[],
  titles: readonly string[],
  records: readonly MetricRecord[],
  curves: ReadonlyMap<string, CurveRecord>,
): Html[] {
  const reference = family.find((row) => row.isReference);
  const lines = titles.flatMap((title, series) => {
    const row = family.find((other) => summaryTitle(other) === title);
    if (!row) return [];
    const line = { row, series, ...gather(row, records, curves) };
    return line.images.size > 1 ? [line] : [];
  });
  if (lines.length === 0) return [];
  const axis = {
    xLabel: metric === 'insertion' ? 'share of pixels shown' : 'share of pixels removed',
    xRange: [0, 1] as const,
  };
  const result = [
    trusted(
      curveSvg(
        lines.map(({ row, series, x, images }) => ({
          name: summaryTitle(row),
          series,
          x,
          ...band([...images.values()]),
          dashed: isControl(row.method),
        })),
        { title: `${metric}, ${preset}`, yLabel: 'score', ...axis },
      ),
    ),
  ];
  const base = lines.find(({ row }) => row === reference);
  const others = lines.filter(({ row }) => row !== reference && !isControl(row.method));
  if (base && others.length > 0) {
    const differences = others.map(({ row, series, x, images }) => {
      const paired = [...images].flatMap(([image, y]) => {
        const other = base.images.get(image);
        return other ? [y.map((value, i) => value - other[i]!)] : [];
      });
      return { name: summaryTitle(row), series, x, ...band(paired) };
    });
    result.push(
      trusted(
        curveSvg(differences, {
          title: `${metric}: difference to ${summaryTitle(base.row)}`,
          yLabel: 'difference',
          ...axis,
        }),
      ),
    );
  }
  return result;
}

function gather(
  row: SummaryRow,
  records: readonly MetricRecord[],
  curves: ReadonlyMap<string, CurveRecord>,
): { x: readonly number[]; images: Map<string, readonly number[]> } {
  const images = new Map<string, readonly number[]>();
  let x: readonly number[] = [];
  const title = summaryTitle(row);
  for (const record of records) {
    if (record.metric !== row.metric || record.preset !== row.preset || summaryTitle(record) !== title)
      continue;
    const curve = curves.get(record.key);
    if (!curve || (x.length > 0 && curve.x.length !== x.length)) continue;
    x = curve.x;
    images.set(record.sha256, curve.y);
  }
  return { x, images };
}

function band(curves: readonly (readonly number[])[]): { y: number[]; low: number[]; high: number[] } {
  const points = curves[0]?.length ?? 0;
  const mean = (pick: (i: number) => number) =>
    Array.from({ length: points }, (_, point) => {
      let sum = 0;
      for (let i = 0; i < curves.length; i++) sum += curves[pick(i)]![point]!;
      return sum / curves.length;
    });
  const random = seededRandom(0);
  const resampled = Array.from({ length: RESAMPLES }, () => {
    const chosen = curves.map(() => random.integer(curves.length));
    return mean((i) => chosen[i]!);
  });
  const edge = (q: number) =>
    Array.from({ length: points }, (_, point) =>
      quantile(
        resampled.map((curve) => curve[point]!).sort((a, b) => a - b),
        q,
      ),
    );
  return { y: mean((i) => i), low: edge(0.025), high: edge(0.975) };
}
