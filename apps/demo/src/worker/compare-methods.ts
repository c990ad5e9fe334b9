import { type Model, type NdArray, throwIfAborted } from '@hybridcam/core';
import { methodFacts, methodNames } from '../facts/method-facts.ts';
import type { ExplainParams, NamedMap } from '../protocol.ts';
import { isSlow } from '../text/method-facts.ts';
import { costsAt, crossEvidence, otherMethod } from './explain-picture.ts';
import { pause } from './pause.ts';
import { refusedMethods } from './refused-methods.ts';

/** Every method that needs one forward pass and can run on this network, on the open picture, one after the other, each reported when it is there. */
export async function compareMethods(
  model: Model,
  input: NdArray<Float32Array>,
  params: ExplainParams,
  onMap: (map: NamedMap) => void,
  signal: AbortSignal,
): Promise<void> {
  const costs = await costsAt(model, input, model.resolveLayer(params.layer ?? model.defaultLayer).name);
  const refused = refusedMethods(model);
  for (const method of methodNames) {
    // The page has the hybrid of one layer already.
    if (method === 'hybrid' || isSlow(method, costs) || method in refused) continue;
    throwIfAborted(signal, 'compare');
    onMap(
      methodFacts[method].layers === 2
        ? await crossParents(model, input, params)
        : await otherMethod(model, input, params, method),
    );
    await pause();
  }
}

async function crossParents(
  model: Model,
  input: NdArray<Float32Array>,
  params: ExplainParams,
): Promise<NamedMap> {
  const started = performance.now();
  const { cross, problem } = await crossEvidence(model, input, params);
  return {
    method: 'cross-layer-hybrid',
    map: undefined,
    cross,
    problem,
    elapsedMs: performance.now() - started,
  };
}
