import { type MetricName, metricFacts } from '@hybridcam/metrics';
import type { ImageItem } from '../images/image-item.ts';
import { contentKey } from '../records/canonical-json.ts';
import { RECORD_VERSION } from '../records/record.ts';
import type { Evaluation } from './evaluation.ts';
import type { MethodRow } from './method-row.ts';
import { type MetricPlan, presetName } from './metric-plan.ts';

/** The key of one number: everything it depends on and nothing else. */
export function recordKey(
  evaluation: Evaluation,
  item: ImageItem,
  row: MethodRow,
  metric: MetricPlan['metrics'][number],
): string {
  const { method, params, layer } = row;
  const preset = presetName(evaluation.plan, metric);
  const truth = truthOf(item, row, metric) ?? null;
  return contentKey([
    RECORD_VERSION,
    evaluation.protocolHash,
    item.sha256,
    method,
    params,
    layer,
    metric,
    preset,
    truth,
  ]);
}

/** What a number and its flags depend on of the truth that is given beside the image: all of it, or whether the class is the true one. */
export function truthOf(item: ImageItem, row: MethodRow, metric: MetricName): string | undefined {
  const seesEvidence = metricFacts[metric].needsEvidence || row.method === 'oracle';
  return seesEvidence ? item.truth?.evidence : item.truth?.classOnly;
}

/** The keys of all numbers of an image. */
export function itemKeys(evaluation: Evaluation, item: ImageItem): string[] {
  const { rows, plan } = evaluation;
  return rows.flatMap((row) => plan.metrics.map((metric) => recordKey(evaluation, item, row, metric)));
}
