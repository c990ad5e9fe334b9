import { metricFacts } from '@hybridcam/metrics';
import type { MetricTrust } from '../summary/meta-evaluation.ts';
import { short } from '../summary/summary-table.ts';
import { type Html, html } from './html.ts';

/** Which metric to trust where there is no mask: its agreement with the mask where there is one. */
export function trustSection(trust: readonly MetricTrust[]): Html {
  if (trust.length === 0) return html``;
  return html`<h2 id="trust">Which metric to trust</h2>
<p class="soft">Where the evidence is known: does a metric that needs no mask rank the maps of an image as the energy in the mask does? Mean of Spearman's
correlation per image; 1 is full agreement, 0 none.</p>
<div class="scroll" tabindex="0" role="group" aria-label="table"><table><thead><tr><th scope="col">metric</th><th scope="col" class="n">agreement</th><th scope="col" class="n">95 % interval</th><th scope="col" class="n">images</th></tr></thead>
<tbody>${trust.map(
    ({ metric, preset, correlation, interval, count }) =>
      html`<tr><td>${metricFacts[metric].title} <span class="small soft">${preset}</span></td><td class="n">${short(correlation)}</td><td class="n">${interval ? `${short(interval.low)} to ${short(interval.high)}` : ''}</td><td class="n">${count}</td></tr>`,
  )}</tbody></table></div>`;
}

/** The same for a terminal. */
export function trustText(trust: readonly MetricTrust[]): string {
  if (trust.length === 0) return '';
  const lines = trust.map(({ metric, correlation, interval, count }) => {
    const range = interval ? `[${short(interval.low)}, ${short(interval.high)}]` : '';
    return `  ${metricFacts[metric].title.padEnd(30)} ${short(correlation).padStart(7)}  ${range.padEnd(18)} n = ${count}`;
  });
  return `Which metric to trust (rank agreement with the energy in the mask)\n${lines.join('\n')}\n`;
}
