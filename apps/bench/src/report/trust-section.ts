import { metricFacts } from '@hybridcam/metrics';
import {
  type Agreement,
  type MetricTrust,
  type TruthMetric,
  truthMetrics,
} from '../summary/meta-evaluation.ts';
import { short } from '../summary/summary-table.ts';
import { type Html, html } from './html.ts';

const TRUTHS: Readonly<Record<TruthMetric, string>> = {
  energy: 'energy in the mask',
  'rank-accuracy': 'rank accuracy',
  intervention: 'interventions',
};

/** Which metric to trust where there is no truth: its agreement with each truth where there is one. */
export function trustSection(trust: readonly MetricTrust[]): Html {
  if (trust.length === 0) return html``;
  const truths = truthsOf(trust);
  return html`<h2 id="trust">Which metric to trust</h2>
<p class="soft">Where the evidence is known: does a metric that needs no truth rank the maps of an image as the truth does: by the energy in the mask, by
the share of the highest pixels that lie in it, by what removing parts of the scene takes from the score? Mean of Spearman's correlation per image with
its 95 % interval; 1 is full agreement, 0 none.</p>
<div class="scroll" tabindex="0" role="group" aria-label="table"><table><thead><tr><th scope="col">metric</th>${truths.map((truth) => html`<th scope="col" class="n">${TRUTHS[truth]}</th>`)}<th scope="col" class="n">images</th></tr></thead>
<tbody>${trust.map(
    ({ metric, preset, agreements }) =>
      html`<tr><td>${metricFacts[metric].title} <span class="small soft">${preset}</span></td>${truths.map((truth) => html`<td class="n">${agreementCell(agreements.get(truth))}</td>`)}<td class="n">${Math.max(...[...agreements.values()].map(({ count }) => count))}</td></tr>`,
  )}</tbody></table></div>`;
}

function agreementCell(agreement: Agreement | undefined): Html | string {
  if (!agreement) return '';
  const { correlation, interval } = agreement;
  return html`${short(correlation)}${interval ? html` <span class="small soft">${short(interval.low)} to ${short(interval.high)}</span>` : ''}`;
}

/** The same for a terminal, one block for each truth. */
export function trustText(trust: readonly MetricTrust[]): string {
  const blocks = truthsOf(trust).map((truth) => {
    const measured = trust.flatMap(({ metric, agreements }) => {
      const agreement = agreements.get(truth);
      return agreement ? [{ metric, ...agreement }] : [];
    });
    const lines = measured
      .sort((a, b) => b.correlation - a.correlation)
      .map(({ metric, correlation, interval, count }) => {
        const range = interval ? `[${short(interval.low)}, ${short(interval.high)}]` : '';
        return `  ${metricFacts[metric].title.padEnd(30)} ${short(correlation).padStart(7)}  ${range.padEnd(18)} n = ${count}`;
      });
    return `Which metric to trust (rank agreement with ${TRUTHS[truth]})\n${lines.join('\n')}\n`;
  });
  return blocks.join('\n');
}

function truthsOf(trust: readonly MetricTrust[]): TruthMetric[] {
  return truthMetrics.filter((truth) => trust.some(({ agreements }) => agreements.has(truth)));
}
