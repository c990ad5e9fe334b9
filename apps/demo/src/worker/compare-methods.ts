import { type Model, methodNames, methods, type NdArray, throwIfAborted } from '@hybridcam/core';
import type { ExplainParams, NamedMap } from '../protocol.ts';
import { otherMethod } from './explain-picture.ts';

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
    if (method === 'hybrid' || methods[method].layers !== 1) continue;
    if (methods[method].forwards === 'many') continue;
    throwIfAborted(signal, 'compare');
    onMap(await otherMethod(model, input, params, method));
    // A turn of the event loop, so that a cancel can arrive.
    await new Promise((resolve) => setTimeout(resolve));
  }
}
