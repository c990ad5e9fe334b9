import { view } from '@hybridcam/core';
import {
  heldOutSeed,
  renderScene,
  type SceneRegion,
  type SceneSpec,
  sampleScene,
  sceneClasses,
} from '@hybridcam/scenes';
import { contentKey } from '../records/canonical-json.ts';
import type { ImageItem, Truth } from './image-item.ts';
import { sceneVariations } from './scene-variations.ts';

/** Kinds of scenes that have a truth; in `clever-hans` the mark names the object's class. */
export const sceneKinds = ['single', 'two-objects', 'clever-hans'] as const;
export type EvaluatedSceneKind = (typeof sceneKinds)[number];

export interface SceneItemOptions {
  readonly count: number;
  readonly seed: number;
  readonly kind: EvaluatedSceneKind;
}

/** Held-out scenes, rendered when asked for; the same seed gives the same scenes everywhere. */
export function sceneItems({ count, seed, kind }: SceneItemOptions): ImageItem[] {
  return Array.from({ length: count }, (_, i) => sceneItem(i, seed, kind));
}

/** The `index`th held-out scene of a seed. */
export function sceneItem(index: number, seed: number, kind: EvaluatedSceneKind): ImageItem {
  const spec = sampleScene({
    seed: heldOutSeed + seed * 1_000_000 + index,
    kind,
    ...(kind === 'clever-hans' ? { variant: 'confounded' as const } : {}),
  });
  const number = String(index).padStart(6, '0');
  return {
    name: kind === 'single' ? `scene-${number}` : `scene-${kind}-${number}`,
    sha256: contentKey(spec),
    decode: async () => decodeScene(spec),
  };
}

function decodeScene(spec: SceneSpec) {
  const scene = renderScene(spec);
  const [target] = scene.objects;
  const truth: Truth | undefined = target && {
    classIndex: sceneClasses.indexOf(target.name),
    evidence: maskOf(target, scene.image),
    distractors: [...scene.objects.slice(1), ...scene.distractors].map((region) =>
      maskOf(region, scene.image),
    ),
  };
  return { image: scene.image, scene: sceneVariations(scene), ...(truth ? { truth } : {}) };
}

function maskOf(region: SceneRegion, { height, width }: { height: number; width: number }) {
  return view(Float32Array.from(region.mask), [height, width]);
}
