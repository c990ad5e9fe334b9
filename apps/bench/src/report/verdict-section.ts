import { metricFacts } from '@hybridcam/metrics';
import { controlNames } from '../evaluation/method-row.ts';
import { type SummaryRow, summaryTitle } from '../summary/summarise.ts';
import { short } from '../summary/summary-table.ts';
import { type Html, html, trusted } from './html.ts';

const DIRECTIONS = {
  'higher-is-better': 'higher is better',
  'lower-is-better': 'lower is better',
  descriptive: 'descriptive, neither end is better',
} as const;

/** One table per metric: means with intervals, differences to the reference, and a verdict in words. */
export function verdictSection(rows: readonly SummaryRow[]): Html {
  const families = [...new Set(rows.map(familyOf))].map((key) => rows.filter((row) => familyOf(row) === key));
  return html`<h2 id="verdicts">Verdicts</h2>
<p class="soft">Each method against the reference on the same images: mean difference with a 95 % bootstrap interval, Holm-corrected
Wilcoxon p, and the share of images on which it is better. Equivalent: the whole interval lies within 1 % of the reference. Undecided:
these images cannot tell.</p>
${families.map(table)}`;
}

function familyOf(row: SummaryRow): string {
  return `${row.metric}|${row.preset}`;
}

function table(rows: readonly SummaryRow[]): Html {
  const { metric, preset } = rows[0]!;
  const facts = metricFacts[metric];
  const sign = facts.direction === 'lower-is-better' ? 1 : -1;
  const sorted = [...rows].sort((a, b) => sign * (a.mean - b.mean));
  const differences = sorted.flatMap(({ comparison }) =>
    comparison?.interval ? [comparison.interval.low, comparison.interval.high] : [],
  );
  const reach = Math.max(1e-9, ...differences.map(Math.abs));
  return html`<h3>${facts.title}</h3>
<div class="scroll" tabindex="0" role="group" aria-label="table"><table>
<caption>Protocol ${preset}; ${DIRECTIONS[facts.direction]}; ${facts.source}</caption>
<thead><tr><th scope="col">method</th><th scope="col" class="n">mean</th><th scope="col" class="n">95 % interval</th><th scope="col">difference to the reference</th>
<th scope="col" class="n">p (Holm)</th><th scope="col" class="n">better on</th><th scope="col">verdict</th><th scope="col" class="n">n</th></tr></thead>
<tbody>${sorted.map((row) => tableRow(row, reach))}</tbody></table></div>`;
}

function tableRow(row: SummaryRow, reach: number): Html {
  const { comparison, interval } = row;
  const control = (controlNames as readonly string[]).includes(row.method);
  return html`<tr class="${control ? 'control' : ''}"><td class="name">${summaryTitle(row)}${control ? ' (control)' : ''}</td>
<td class="n">${row.count > 0 ? short(row.mean) : 'none'}</td>
<td class="n">${interval ? `${short(interval.low)} to ${short(interval.high)}` : ''}</td>
<td>${comparison?.interval ? rangePicture(comparison.interval, comparison.meanDifference, reach) : ''}</td>
<td class="n">${comparison?.pHolm === undefined ? '' : comparison.pHolm < 0.0005 ? '< .001' : short(comparison.pHolm)}</td>
<td class="n">${comparison ? `${(100 * comparison.winRate).toFixed(0)} %` : ''}</td>
<td>${verdict(row)}</td><td class="n">${row.count}</td></tr>`;
}

function verdict(row: SummaryRow): Html {
  if (row.isReference) return html`<span class="soft">reference</span>`;
  if (!row.comparison) return html``;
  const { verdict: word, neededCount } = row.comparison;
  const text =
    word === 'inconclusive'
      ? `undecided${neededCount ? `; about ${neededCount} images would decide` : ''}`
      : word;
  return html`<span class="${word}">${text}</span>`;
}

/** The interval of a difference as a small picture around zero, with the numbers for those who do not see it. */
function rangePicture({ low, high }: { low: number; high: number }, mean: number, reach: number): Html {
  const x = (value: number) => (75 + (70 * value) / reach).toFixed(1);
  const signed = (value: number) => (value > 0 ? `+${short(value)}` : short(value));
  const label = `${signed(mean)}, from ${signed(low)} to ${signed(high)}`;
  return trusted(
    `<svg class="range" viewBox="0 0 150 14" role="img" aria-label="${label}"><path class="axis" d="M75 1V13"/><path class="span" d="M${x(low)} 7H${x(high)}"/><circle class="dot" cx="${x(mean)}" cy="7" r="3.4"/></svg><span class="small soft">${label}</span>`,
  );
}
