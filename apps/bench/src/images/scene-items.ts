import { view } from '@hybridcam/core';
import {
  heldOutSeed,
  renderScene,
  type SceneKind,
  type SceneRegion,
  sampleScene,
  sceneClasses,
} from '@hybridcam/scenes';
import { contentKey } from '../records/canonical-json.ts';
import type { ImageItem, Truth } from './image-item.ts';

export interface SceneItemOptions {
  readonly count: number;
  readonly seed: number;
  readonly kind?: SceneKind;
}

/** Held-out scenes, rendered when asked for; the same seed gives the same scenes everywhere. */
export function sceneItems({ count, seed, kind }: SceneItemOptions): ImageItem[] {
  return Array.from({ length: count }, (_, i) => sceneItem(i, seed, kind));
}

/** The `index`th held-out scene of a seed. */
export function sceneItem(index: number, seed: number, kind: SceneKind = 'single'): ImageItem {
  const spec = sampleScene({ seed: heldOutSeed + seed * 1_000_000 + index, kind });
  return {
    name: `scene-${String(index).padStart(6, '0')}`,
    sha256: contentKey(spec),
    async decode() {
      const scene = renderScene(spec);
      const [target] = scene.objects;
      const truth: Truth | undefined = target && {
        classIndex: sceneClasses.indexOf(target.name),
        evidence: maskOf(target, scene.image),
        distractors: [...scene.objects.slice(1), ...scene.distractors].map((region) =>
          maskOf(region, scene.image),
        ),
      };
      return { image: scene.image, ...(truth ? { truth } : {}) };
    },
  };
}

function maskOf(region: SceneRegion, { height, width }: { height: number; width: number }) {
  return view(Float32Array.from(region.mask), [height, width]);
}
