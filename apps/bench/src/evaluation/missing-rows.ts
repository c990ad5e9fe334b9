import type { ImageItem } from '../images/image-item.ts';
import type { Keys } from '../records/key-set.ts';
import type { Evaluation } from './evaluation.ts';
import type { MethodRow } from './method-row.ts';
import type { MetricPlan } from './metric-plan.ts';
import { recordKey } from './record-key.ts';

/** Numbers of one row that do not exist yet, with the keys they will have. */
export interface MissingRow {
  readonly row: MethodRow;
  readonly metrics: readonly { readonly metric: MetricPlan['metrics'][number]; readonly key: string }[];
}

/** What of an image is not among the keys that are done. */
export function missingRows(evaluation: Evaluation, item: ImageItem, done: Keys): MissingRow[] {
  return evaluation.rows.flatMap((row) => {
    const metrics = evaluation.plan.metrics
      .map((metric) => ({ metric, key: recordKey(evaluation, item, row, metric) }))
      .filter(({ key }) => !done.has(key));
    return metrics.length > 0 ? [{ row, metrics }] : [];
  });
}
