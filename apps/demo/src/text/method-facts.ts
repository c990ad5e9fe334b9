import type { MethodName } from '@hybridcam/core';
import { methodFacts } from '../facts/method-facts.ts';
import type { Evidence, LayerFacts, ModelFacts } from '../protocol.ts';
import { milliseconds } from './format.ts';

/**
 * Whether a method runs only when asked for, since it needs the network many times. Of methods that are free behind a linear head only
 * the costs at the layer tell; before they are there, undefined, the method counts as fast.
 */
export function isSlow(method: MethodName, costs: Evidence['costs'] | undefined): boolean {
  const { forwards, elsewhere } = methodFacts[method];
  if (elsewhere === undefined) return forwards === 'many';
  return costs !== undefined && costs[method] !== 1;
}

/**
 * What a method that needs many passes costs, before it runs.
 * @example costText('score-cam', { costs: { 'score-cam': 1281 }, passMs: 6.2 }) // 'Runs the network 1281 times, about 8 s here.'
 */
export function costText(method: MethodName, { costs, passMs }: Pick<Evidence, 'costs' | 'passMs'>): string {
  const count = costs[method];
  if (methodFacts[method].elsewhere === 'tail') return tailCostText(count, passMs);
  if (count === undefined) return 'Runs the network many times; how many shows only while it runs.';
  const time = passMs === undefined ? '' : `, about ${milliseconds(count * passMs)} here`;
  return `Runs the network ${count} times${time}.`;
}

/** A run of the rest of the network takes no longer than a pass, and most often much less. */
function tailCostText(count: number | undefined, passMs: number | undefined): string {
  const often = count === undefined ? 'once for each channel of the layer' : `${count - 1} times`;
  const time =
    count === undefined || passMs === undefined ? '' : `, at most about ${milliseconds(count * passMs)} here`;
  return `Runs the part of the network behind this layer ${often}${time}.`;
}

/** Why a method cannot run on this layer of this network; undefined where it can. */
export function whyNotMethod(
  method: MethodName,
  model: ModelFacts,
  layer: LayerFacts | undefined,
): string | undefined {
  const { needs, layers, elsewhere } = methodFacts[method];
  if (layers === 2 && model.crossLayers === undefined)
    return 'This network has no layer of twice the resolution.';
  if (layers === 2) return undefined;
  if (layers === 0) return model.refused[method];
  if (needs === 'gradients' && layer?.gradient === 'unavailable') {
    return `This layer has no gradient: ${layer.blockedBy ?? 'unknown reason'}.`;
  }
  if (needs === 'head' && elsewhere === undefined && layer?.gradient !== 'constant') {
    return 'Needs global average pooling and one linear layer behind this layer.';
  }
  return undefined;
}
