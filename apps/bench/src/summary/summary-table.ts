import { metricFacts } from '@hybridcam/metrics';
import { bestFirst, type SummaryRow, summaryTitle } from './summarise.ts';

/** The verdicts as a table for a terminal of 80 columns, one block per metric. */
export function summaryTable(rows: readonly SummaryRow[]): string {
  const metrics = [...new Set(rows.map((row) => `${row.metric}|${row.preset}`))];
  return metrics.map((key) => block(rows.filter((row) => `${row.metric}|${row.preset}` === key))).join('\n');
}

const ARROWS = {
  'higher-is-better': 'higher is better',
  'lower-is-better': 'lower is better',
  descriptive: 'descriptive',
} as const;
const TITLE = 30;

function block(rows: readonly SummaryRow[]): string {
  const { metric, preset } = rows[0]!;
  const facts = metricFacts[metric];
  const head = `${facts.title} (${preset}; ${ARROWS[facts.direction]}; n = ${Math.max(...rows.map((row) => row.count))})`;
  const lines = bestFirst(rows).map((row) => {
    const title = fit(summaryTitle(row), TITLE);
    if (row.mean === undefined) return `  ${title}    none  not measurable`;
    const interval = row.interval ? `[${short(row.interval.low)}, ${short(row.interval.high)}]` : '';
    return `  ${title} ${short(row.mean).padStart(7)}  ${interval.padEnd(18)} ${verdictText(row)}`.trimEnd();
  });
  return `${head}\n${lines.join('\n')}\n`;
}

/** `better +0.011`, `undecided, n≥840`, `too few, n≥6` */
export function verdictText(row: SummaryRow): string {
  if (row.isReference) return 'reference';
  if (!row.comparison) return '';
  const { verdict, meanDifference, neededCount, tooFew } = row.comparison;
  if (verdict === 'inconclusive' && tooFew) return `too few, n≥${neededCount}`;
  if (verdict === 'inconclusive') return neededCount ? `undecided, n≥${neededCount}` : 'undecided';
  return `${verdict} ${meanDifference >= 0 ? '+' : '−'}${short(Math.abs(meanDifference))}`;
}

/** Three significant digits, at most four decimals. */
export function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 3;
  return value.toFixed(Math.abs(value) < 0.1 ? 4 : digits).replace('-', '−');
}

/** A longer title gets a line of its own: what a cut would take (the layer, α) is what tells rows apart. */
function fit(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text}\n  ${' '.repeat(width)}`;
}
