import { view } from '@hybridcam/core';
import { BACKGROUNDS } from '@hybridcam/metrics';
import {
  renderScene,
  type Scene,
  type SceneRegion,
  type SceneSpec,
  withFactor,
  withoutObject,
  withSwappedBackground,
} from '@hybridcam/scenes';
import type { ScenePart, SceneVariations } from './image-item.ts';

/** What a scene would be without each of its parts, and before other backgrounds. */
export function sceneVariations({ spec, image, objects, distractors, mark }: Scene): SceneVariations {
  const part = (region: SceneRegion, name: string, without: () => SceneSpec): ScenePart[] =>
    // What is hidden behind something else has no place in a map.
    region.pixelCount === 0
      ? []
      : [
          {
            name,
            evidence: view(Float32Array.from(region.mask), [image.height, image.width]),
            without: () => renderScene(without()).image,
          },
        ];
  const [markPart] = mark ? part(mark, 'mark', () => withFactor(spec, 'mark', null)) : [];
  return {
    parts: [
      ...objects.flatMap((region, i) => part(region, `object ${i}`, () => withoutObject(spec, i))),
      ...distractors.flatMap((region, i) =>
        part(region, `distractor ${i}`, () =>
          withFactor(
            spec,
            'distractors',
            spec.distractors.filter((_, other) => other !== i),
          ),
        ),
      ),
      ...(markPart ? [markPart] : []),
    ],
    otherBackgrounds: () =>
      Array.from({ length: BACKGROUNDS }, (_, i) => renderScene(withSwappedBackground(spec, i)).image),
    mark: markPart,
  };
}
