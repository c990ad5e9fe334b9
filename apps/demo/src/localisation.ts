import type { Client } from './client.ts';
import { readyMap } from './maps.ts';
import type { View } from './view.ts';
import type { ViewStore } from './view-store.ts';

/** Milliseconds after which a slider counts as resting. */
const restMs = 150;

/** Scores of the map on screen against a scene's true mask. */
export interface Localisation {
  /** Of the map that is shown now; none where there is no truth. */
  update(): Promise<void>;
  /** The same once alpha rests. */
  updateSoon(): void;
}

export function createLocalisation(client: Client, store: ViewStore): Localisation {
  let timer = 0;
  const update = async (): Promise<void> => {
    const { evidence, source, picture, busy } = store.view;
    // The worker may already hold the next picture.
    if (busy !== undefined) return;
    const map = saliencyOf(store.view);
    if (!map || !evidence || source !== 'live' || !picture?.truth.length) {
      store.show({ localisation: null });
      return;
    }
    const localisation = await client.call(
      'localise',
      { map, classIndex: evidence.classIndex },
      { transfer: [map.buffer] },
    );
    if (store.view.evidence === evidence) store.show({ localisation });
  };
  return {
    update,
    updateSoon() {
      clearTimeout(timer);
      timer = window.setTimeout(() => void update().catch(() => undefined), restMs);
    },
  };
}

/** The map on screen at input size, a copy. */
export function saliencyOf({ evidence, picture, state }: View): Float32Array<ArrayBuffer> | undefined {
  if (!evidence || !picture) return undefined;
  const { height, width } = picture.geometry.input;
  const map = readyMap(evidence, state.method, state.alpha)?.at(height, width);
  return map && Float32Array.from(map.data);
}
