import { performance } from 'node:perf_hooks';
import { CamError, explain, hybrid, type NdArray } from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import type { LoadedModel } from 'hybridcam';
import type { MethodTimes } from '../records/judgement.ts';
import type { PendingItem } from '../run/items-of-plan.ts';

const METHODS = {
  gradCam: 'grad-cam',
  layerCam: 'layer-cam',
  hybrid: hybrid({ alpha: 0.7 }),
} as const;
const NAMES = Object.keys(METHODS) as (keyof MethodTimes)[];

/**
 * Times each image by each method at the layer that is judged, one after the other, twice; the second time counts. Images that cannot be
 * read or explained are left out: the run has made rows of them.
 * @throws AbortedError
 */
export async function timeMethods(
  model: LoadedModel,
  items: readonly PendingItem[],
  options: { readonly layer: string | undefined; readonly signal: AbortSignal },
): Promise<MethodTimes> {
  const times = { gradCam: [] as number[], layerCam: [] as number[], hybrid: [] as number[] };
  for (const pending of items) {
    const measured = await timeImage(model, pending, options).catch((error: unknown) => {
      if (!(error instanceof CamError) || error.code === 'ABORTED') throw error;
      return undefined;
    });
    for (const name of NAMES) if (measured) times[name].push(measured[name]);
  }
  return times;
}

async function timeImage(
  model: LoadedModel,
  pending: PendingItem,
  { layer, signal }: { readonly layer: string | undefined; readonly signal: AbortSignal },
): Promise<Record<keyof MethodTimes, number>> {
  const { image } = await (await pending.open(signal)).decode();
  const { input } = preprocess(image, model.preprocessing);
  const once = async (name: keyof MethodTimes, at: NdArray<Float32Array>) => {
    const started = performance.now();
    await explain(model, at, { method: METHODS[name], targetLayer: layer, signal });
    return performance.now() - started;
  };
  const times = { gradCam: 0, layerCam: 0, hybrid: 0 };
  for (let round = 0; round < 2; round++) {
    for (const name of NAMES) times[name] = await once(name, input);
  }
  return times;
}
