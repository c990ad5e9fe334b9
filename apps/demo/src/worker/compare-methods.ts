import { type Model, type NdArray, throwIfAborted } from '@hybridcam/core';
import { methodFacts, methodNames } from '../facts/method-facts.ts';
import type { ExplainParams, NamedMap } from '../protocol.ts';
import { otherMethod } from './explain-picture.ts';
import { pause } from './pause.ts';

/** Every one-layer method that needs one forward pass, on the open picture, one after the other, each reported when it is there. */
export async function compareMethods(
  model: Model,
  input: NdArray<Float32Array>,
  params: ExplainParams,
  onMap: (map: NamedMap) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const method of methodNames) {
    // The hybrids are mixed on the page, at whatever alpha it shows.
    if (method === 'hybrid' || methodFacts[method].layers !== 1) continue;
    if (methodFacts[method].forwards === 'many') continue;
    throwIfAborted(signal, 'compare');
    onMap(await otherMethod(model, input, params, method));
    await pause();
  }
}
