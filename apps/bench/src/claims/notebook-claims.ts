import type { MethodTimes } from '../records/judgement.ts';
import type { MetricRecord } from '../records/record.ts';
import type { Claim } from './claim.ts';
import { costClaim } from './cost-claim.ts';
import { type Difference, differenceClaim } from './difference-claim.ts';
import { optimumClaim } from './optimum-claim.ts';

const HYBRID = 'hybrid α0.7';

const DIFFERENCES: readonly Difference[] = [
  {
    sentence: 'Hybrid (α = 0.7) has a better insertion AUC than Grad-CAM',
    metric: 'insertion',
    candidate: HYBRID,
    reference: 'grad-cam',
  },
  {
    sentence: 'Grad-CAM has a better insertion AUC than LayerCAM',
    metric: 'insertion',
    candidate: 'grad-cam',
    reference: 'layer-cam',
  },
  {
    sentence: 'Hybrid has sharper boundaries than Grad-CAM',
    metric: 'boundary-f-score',
    candidate: HYBRID,
    reference: 'grad-cam',
  },
  {
    sentence: 'Hybrid has sharper boundaries than LayerCAM',
    metric: 'boundary-f-score',
    candidate: HYBRID,
    reference: 'layer-cam',
  },
  {
    sentence: 'α = 0 is diffuse compared with α = 1',
    metric: 'entropy',
    candidate: 'hybrid α0',
    reference: 'hybrid α1',
  },
  {
    sentence: 'α = 1 is concentrated compared with α = 0',
    metric: 'sparseness',
    candidate: 'hybrid α1',
    reference: 'hybrid α0',
  },
];

/**
 * Every sentence of the notebook that asserts something, judged on records of `reproduce notebook`.
 * @param layer the one that is judged, where the records hold several
 */
export function notebookClaims(
  records: readonly MetricRecord[],
  times: MethodTimes,
  options: { readonly layer: string | undefined; readonly seed: number },
): Claim[] {
  const { layer, seed } = options;
  const judged = layer === undefined ? records : records.filter((record) => record.layer === layer);
  return [
    ...DIFFERENCES.map((difference) => differenceClaim(judged, difference, seed)),
    optimumClaim(judged, HYBRID, seed),
    costClaim(times, seed),
  ];
}
