import shippedJson from 'virtual:shipped-explanation';
import { unpackArrays } from './pack-arrays.ts';
import type { ShippedExplanation } from './shipped.ts';
import type { State } from './state.ts';
import type { View } from './view.ts';

/** The prepared explanation, where the page opens on what it explains. */
export async function shippedView(state: State): Promise<Partial<View> | undefined> {
  const shipped = JSON.parse(shippedJson, unpackArrays) as ShippedExplanation;
  const { evidence } = shipped;
  const fits =
    state.picture === shipped.sample &&
    state.model === 'scenes' &&
    state.layer === undefined &&
    state.against === undefined &&
    (state.classIndex === undefined || state.classIndex === evidence.classIndex) &&
    ['hybrid', 'grad-cam', 'layer-cam'].includes(state.method);
  if (!fits) return undefined;
  // Decoded beside the page's own thread; an <img> would be decoded by the first frame that draws it.
  const bitmap = await createImageBitmap(await (await fetch(shipped.picture)).blob());
  return {
    evidence,
    labels: shipped.labels,
    picture: {
      name: shipped.sample,
      width: shipped.width,
      height: shipped.height,
      bitmap,
      seen: undefined,
      geometry: shipped.geometry,
      truth: [],
    },
  };
}
