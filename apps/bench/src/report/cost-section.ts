import { metricFacts } from '@hybridcam/metrics';
import { costOfPreset } from '../evaluation/metric-plan.ts';
import type { CostRecord } from '../records/cost-record.ts';
import { duration } from '../run/progress-text.ts';
import type { SummaryRow } from '../summary/summarise.ts';
import { short } from '../summary/summary-table.ts';
import { type Html, html } from './html.ts';

/** What each metric costs by design, and what this run cost. */
export function costSection(rows: readonly SummaryRow[], costs: readonly CostRecord[]): Html {
  const families = new Map(rows.map((row) => [`${row.metric}|${row.preset}`, row]));
  return html`<h2 id="cost">What the metrics cost</h2>${costs.length > 0 ? spent(costs) : undefined}<div class="scroll" tabindex="0" role="group" aria-label="table"><table><caption>Per image and map, beyond what all maps of an image share: f(x), f(baseline), μFidelity's masks, the models of random weights; of interventions the most that a scene can take</caption>
<thead><tr><th scope="col">metric</th><th scope="col">protocol</th><th scope="col">family</th><th scope="col" class="n">forward passes</th><th scope="col" class="n">explanations</th><th scope="col">source</th></tr></thead>
<tbody>${[...families.values()].map(({ metric, preset }) => {
    const { title, family, source } = metricFacts[metric];
    const cost = costOfPreset(metric, preset);
    return html`<tr><td>${title}</td><td>${preset}</td><td>${family}</td><td class="n">${cost.forwards}</td><td class="n">${cost.explanations}</td><td>${source}</td></tr>`;
  })}</tbody></table></div>`;
}

function spent(costs: readonly CostRecord[]): Html {
  const forwards = costs.reduce((sum, cost) => sum + cost.forwards, 0);
  const seconds = costs.reduce((sum, cost) => sum + cost.seconds, 0);
  const sizes = [...new Set(costs.map(({ batchSize }) => batchSize))].sort((a, b) => a - b);
  return html`<p>This run: ${forwards} forward passes of the metrics in ${duration(seconds)}, ${short(forwards / Math.max(seconds, 1e-3))} a second, explanations, pictures and writing included; ${sizes.join(', ')} images per pass.</p>`;
}
