import { type MethodName, methods } from '@hybridcam/core';
import type { LayerFacts, ModelFacts } from '../protocol.ts';

/** `slow`: a decomposition or one evaluation per channel; the others cost what their gradient does. */
export function methodCost(method: MethodName): 'quick' | 'slow' {
  return method === 'eigen-cam' || method === 'eigen-grad-cam' || method === 'ablation-cam'
    ? 'slow'
    : 'quick';
}

/** Why a method cannot run on this layer of this network; undefined where it can. */
export function whyNotMethod(
  method: MethodName,
  model: ModelFacts,
  layer: LayerFacts | undefined,
): string | undefined {
  const { needs, layers, forwards } = methods[method];
  if (forwards === 'many') return 'Runs the network many times over: use the command line.';
  if (layers === 2 && model.crossLayers === undefined)
    return 'This network has no layer of twice the resolution.';
  if (layers === 2) return undefined;
  if (needs === 'gradients' && layer?.gradient === 'unavailable') {
    return `This layer has no gradient: ${layer.blockedBy ?? 'unknown reason'}.`;
  }
  if (needs === 'head' && layer?.gradient !== 'constant') {
    return 'Needs global average pooling and one linear layer behind this layer.';
  }
  return undefined;
}
