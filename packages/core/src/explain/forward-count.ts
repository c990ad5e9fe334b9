import { occlusionGrid } from '../forwards/occlusion-grid.ts';
import { methodTable } from '../methods/method-table.ts';
import type { Model } from '../model.ts';
import type { ExplainRequest } from './explain-request.ts';
import { planRequest } from './plan-request.ts';

/**
 * How many inputs the model will evaluate for a request: 1 for most methods, hundreds or thousands for Score-CAM, RISE and their
 * kind. Say it before you start. (Constant channels cost Score-CAM nothing, so it can be fewer.)
 *
 * Undefined where a shape that decides it is known only when the model runs.
 * @throws as `explain` for a request it would refuse
 * @example forwardCount(model, { method: 'score-cam' }) // 1281 for a layer of 1280 channels
 */
export function forwardCount(model: Model, request: ExplainRequest): number | undefined {
  const { method, layers } = planRequest(model, request);
  const { settings } = method;
  if (methodTable[method.name].forwards === undefined) return 1;
  if (method.name === 'occlusion') {
    const { height, width } = model.input;
    if (height === undefined || width === undefined) return undefined;
    const { rows, columns } = occlusionGrid([height, width], settings);
    return 2 + rows.length * columns.length;
  }
  if (method.name === 'rise') return 1 + settings['masks']!;
  if (method.name === 'smooth-grad-cam-plus-plus') return 1 + layers.length * settings['draws']!;
  let count = 1;
  for (const layer of layers) {
    const channels = model.resolveLayer(layer).shape?.[0] ?? settings['channels'];
    if (channels === undefined) return undefined;
    const probed = Math.min(channels, settings['channels'] ?? channels);
    count += probed * (settings['draws'] ?? settings['points'] ?? 1);
  }
  return count;
}
