import { occlusionGrid } from '../forwards/occlusion-grid.ts';
import type { Model } from '../model.ts';
import { augmentationCount } from './augmentation-smoothing.ts';
import type { ExplainRequest } from './explain-request.ts';
import { type Plan, planRequest } from './plan-request.ts';

/**
 * How many inputs the model will evaluate for a request: 1 for most methods, hundreds or thousands for Score-CAM, RISE and their
 * kind. Say it before you start. (Constant channels cost Score-CAM nothing, so it can be fewer.) For Ablation-CAM a run of the rest of
 * the network counts as one input, and those of the one batch of copies that they start from come on top.
 *
 * Undefined where a shape or, for Ablation-CAM, a head that decides it is known only when the model runs.
 * @throws as `explain` for a request it would refuse
 * @example forwardCount(model, { method: 'score-cam' }) // 1281 for a layer of 1280 channels
 */
export function forwardCount(model: Model, request: ExplainRequest): number | undefined {
  const plan = planRequest(model, request);
  const count = countOnce(model, plan);
  return request.augmentationSmoothing && count !== undefined ? count * augmentationCount : count;
}

function countOnce(model: Model, { method, layers }: Plan): number | undefined {
  const { settings } = method;
  const { forwards, elsewhere } = method.facts;
  if (forwards === undefined && elsewhere === undefined) return 1;
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
    const { shape, gradient } = model.resolveLayer(layer);
    // Behind this layer the head may be linear, or not.
    if (elsewhere !== undefined && gradient === 'constant') return undefined;
    const channels = shape?.[0] ?? settings['channels'];
    if (channels === undefined) return undefined;
    const probed = Math.min(channels, settings['channels'] ?? channels);
    count += probed * (settings['draws'] ?? settings['points'] ?? 1);
  }
  return count;
}
