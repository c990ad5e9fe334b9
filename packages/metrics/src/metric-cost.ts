import { type CurvePreset, type CurveProtocol, resolveProtocol } from './faithfulness/insertion-deletion.ts';
import { stepCounts } from './faithfulness/step-grid.ts';
import { type MetricFacts, type MetricName, metricFacts } from './metric-facts.ts';

/**
 * What a metric costs under the protocol that its curves follow: every point of a curve but its ends is a forward pass.
 * @param pixels of the model's input; a grid of few pixels has fewer points
 * @example metricCost('insertion', 'rise-full').forwards // 223
 */
export function metricCost(
  metric: MetricName,
  protocol: CurvePreset | CurveProtocol = 'rise',
  pixels: number = 224 * 224,
): MetricFacts['cost'] {
  const { cost } = metricFacts[metric];
  const curves = metric === 'abpc' ? 2 : metric === 'insertion' || metric === 'deletion' ? 1 : 0;
  if (curves === 0) return cost;
  const points = stepCounts(resolveProtocol(protocol).grid, pixels).length - 2;
  return { ...cost, forwards: curves * points };
}
