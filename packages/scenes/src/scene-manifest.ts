import type { Scene, SceneRegion } from './render-scene.ts';
import type { SceneSpec } from './scene-spec.ts';

/** What a written scene leaves beside its pictures, as plain JSON: enough to render it again and to use its masks. */
export interface SceneManifest {
  readonly spec: SceneSpec;
  readonly className: string | null;
  readonly classIndex: number | null;
  readonly regions: readonly RegionManifest[];
}

export interface RegionManifest {
  readonly role: 'object' | 'distractor' | 'mark';
  readonly name: string;
  readonly classIndex: number | null;
  readonly pixelCount: number;
  /** Smallest rectangle around the mask in pixels, right and bottom exclusive; null when nothing of it shows. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  } | null;
}

/** Every factor of a scene and where its things lie. Regions come in the order of `objects`, `distractors`, `mark`. */
export function sceneManifest(scene: Scene): SceneManifest {
  const describe = (role: RegionManifest['role'], region: SceneRegion): RegionManifest => {
    const { name, classIndex, pixelCount } = region;
    return { role, name, classIndex, pixelCount, box: boxOf(region.mask, scene.image.width) };
  };
  return {
    spec: scene.spec,
    className: scene.objects[0]?.name ?? null,
    classIndex: scene.classIndex,
    regions: [
      ...scene.objects.map((region) => describe('object', region)),
      ...scene.distractors.map((region) => describe('distractor', region)),
      ...(scene.mark === null ? [] : [describe('mark', scene.mark)]),
    ],
  };
}

function boxOf(mask: Uint8Array, width: number): RegionManifest['box'] {
  let left = width;
  let top = Number.POSITIVE_INFINITY;
  let right = 0;
  let bottom = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return right === 0 ? null : { left, top, right, bottom };
}
