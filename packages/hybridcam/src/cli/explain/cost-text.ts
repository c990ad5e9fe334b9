import { augmentationCount, forwardCount, type Model, methods, planRequest } from '@hybridcam/core';
import type { PlannedRequest } from './plan-requests.ts';

/**
 * One line per method that runs the model many times, or may: said before the first image, since it may take minutes.
 * @example costLines(model, requests) // ['score-cam runs the model 2,049 times per image.']
 */
export function costLines(model: Model, requests: readonly PlannedRequest[]): string[] {
  const totals = new Map<string, number>();
  const unknown = new Map<string, number | undefined>();
  for (const { request, method } of requests) {
    const count = forwardCount(model, request);
    if (count === undefined) {
      const before = unknown.has(method.name) ? unknown.get(method.name) : 0;
      const most = mostRuns(model, request);
      unknown.set(method.name, before === undefined || most === undefined ? undefined : before + most);
    } else if (count > 1) totals.set(method.name, (totals.get(method.name) ?? 0) + count);
  }
  // A method with an unknown count at one layer and a known one at another has one sum, which is unknown.
  const known = [...totals].filter(([name]) => !unknown.has(name));
  return [
    ...known.map(([name, count]) => `${name} runs the model ${times(count)} per image.`),
    ...[...unknown].map(([name, most]) => {
      const limit = most === undefined ? '' : `, at most ${times(most + (totals.get(name) ?? 0))}`;
      return `${name} runs the model an unknown number of times per image${limit}: what decides it shows when the model runs.`;
    }),
  ];
}

/** One pass and one per channel of each layer, of each of the inputs of augmentation; undefined where a layer's channels are not known either. */
function mostRuns(model: Model, request: PlannedRequest['request']): number | undefined {
  const { method, layers } = planRequest(model, request);
  if (methods[method.name].elsewhere !== 'tail') return undefined;
  let most = 1;
  for (const layer of layers) {
    const channels = model.resolveLayer(layer).shape?.[0];
    if (channels === undefined) return undefined;
    most += channels;
  }
  return request.augmentationSmoothing ? most * augmentationCount : most;
}

function times(count: number): string {
  return `${count.toLocaleString('en')} times`;
}
