import { metricFacts } from '@hybridcam/metrics';
import { isControl } from '../evaluation/method-row.ts';
import type { MethodsDiffer } from '../summary/friedman-tests.ts';
import { bestFirst, type SummaryRow, summaryTitle } from '../summary/summarise.ts';
import { short } from '../summary/summary-table.ts';
import { type Html, html, trusted } from './html.ts';

const DIRECTIONS = {
  'higher-is-better': 'higher is better',
  'lower-is-better': 'lower is better',
  descriptive: 'descriptive, neither end is better',
} as const;

/** One table per metric: means with intervals, differences to the reference, and a verdict in words. */
export function verdictSection(rows: readonly SummaryRow[], tests: ReadonlyMap<string, MethodsDiffer>): Html {
  const families = [...new Set(rows.map(familyOf))].map((key) => ({
    rows: rows.filter((row) => familyOf(row) === key),
    test: tests.get(key),
  }));
  return html`<h2 id="verdicts">Verdicts</h2>
<p class="soft">Each method against the reference on the same images: mean difference with a 95 % bootstrap interval, Holm-corrected
Wilcoxon p, and the share of images on which it is better. Better or worse: the interval excludes 0 and the corrected p
is at most 0.05. Equivalent: the whole interval lies within 1 % of the reference. Undecided: these images cannot tell. Friedman's test under a table asks first whether its methods differ at all.</p>
${families.map(({ rows: family, test }) => table(family, test))}`;
}

function familyOf(row: SummaryRow): string {
  return `${row.metric}|${row.preset}`;
}

function table(rows: readonly SummaryRow[], test: MethodsDiffer | undefined): Html {
  const { metric, preset } = rows[0]!;
  const facts = metricFacts[metric];
  // Controls are far away by design: drawn to their scale, the methods would all be one dot.
  const methods = rows.filter((row) => !isControl(row.method));
  const differences = methods.flatMap(({ comparison }) =>
    comparison?.interval ? [comparison.interval.low, comparison.interval.high] : [],
  );
  const reach = Math.max(1e-9, ...differences.map(Math.abs));
  return html`<h3>${facts.title}</h3>
<div class="scroll" tabindex="0" role="group" aria-label="table"><table>
<caption>Protocol ${preset}; ${DIRECTIONS[facts.direction]}; ${facts.source}</caption>
<thead><tr><th scope="col">method</th><th scope="col" class="n">mean</th><th scope="col" class="n">95 % interval</th><th scope="col">difference to the reference</th>
<th scope="col" class="n">p (Holm)</th><th scope="col" class="n">better on</th><th scope="col">verdict</th><th scope="col" class="n">n</th></tr></thead>
<tbody>${bestFirst(rows).map((row) => tableRow(row, reach))}</tbody></table></div>${test ? friedmanLine(test) : undefined}`;
}

function tableRow(row: SummaryRow, reach: number): Html {
  const { comparison, interval } = row;
  const control = isControl(row.method);
  return html`<tr class="${control ? 'control' : ''}"><td class="name">${summaryTitle(row)}${control ? ' (control)' : ''}</td>
<td class="n">${row.mean === undefined ? 'none' : short(row.mean)}</td>
<td class="n">${interval ? `${short(interval.low)} to ${short(interval.high)}` : ''}</td>
<td>${comparison?.interval ? rangePicture(comparison.interval, comparison.meanDifference, reach) : ''}</td>
<td class="n">${comparison?.pHolm === undefined ? '' : pText(comparison.pHolm)}</td>
<td class="n">${comparison ? `${(100 * comparison.winRate).toFixed(0)} %` : ''}</td>
<td class="verdict">${verdict(row)}</td><td class="n">${row.count}</td></tr>`;
}

function friedmanLine({ statistic, p, images, methods }: MethodsDiffer): Html {
  return html`<p class="small soft">Friedman over ${methods} methods and ${images} images: χ² = ${short(statistic)}, p ${p < 0.0005 ? '< .001' : `= ${short(p)}`}.</p>`;
}

function pText(p: number): string {
  return p < 0.0005 ? '< .001' : short(p);
}

function verdict(row: SummaryRow): Html {
  if (row.isReference) return html`<span class="soft">reference</span>`;
  if (!row.comparison) return html``;
  const { verdict: word, neededCount, tooFew } = row.comparison;
  const text = word === 'inconclusive' ? `undecided${undecidedNote(neededCount, tooFew)}` : word;
  return html`<span class="${word}">${text}</span>`;
}

function undecidedNote(neededCount: number | undefined, tooFew: boolean): string {
  if (tooFew) return `; so few images cannot reach p ≤ 0.05 whatever they show, it takes ${neededCount}`;
  return neededCount ? `; about ${neededCount} images would decide` : '';
}

/** The interval of a difference as a small picture around zero, cut off at `reach`, with the numbers for those who do not see it. */
function rangePicture({ low, high }: { low: number; high: number }, mean: number, reach: number): Html {
  const clipped = (value: number) => Math.max(-reach, Math.min(reach, value));
  const x = (value: number) => (75 + (70 * clipped(value)) / reach).toFixed(1);
  const signed = (value: number) => (value > 0 ? `+${short(value)}` : short(value));
  // A dot at the edge would look like a value; what lies beyond is an arrow.
  const tip = Math.sign(mean) * 5;
  const marker =
    Math.abs(mean) > reach
      ? `<path class="beyond" d="M${x(mean)} 3l${tip} 4l${-tip} 4z"/>`
      : `<circle class="dot" cx="${x(mean)}" cy="7" r="3.4"/>`;
  const label = `${signed(mean)}, from ${signed(low)} to ${signed(high)}`;
  return trusted(
    `<svg class="range" viewBox="0 0 150 14" role="img" aria-label="${label}"><path class="axis" d="M75 1V13"/><path class="span" d="M${x(low)} 7H${x(high)}"/>${marker}</svg><span class="small soft">${label}</span>`,
  );
}
