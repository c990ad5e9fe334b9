import { OptionError } from '@hybridcam/core';
import { checkSpec } from './check-spec.ts';
import { colorDistance } from './color.ts';
import { mix } from './random.ts';
import { backdropColor, sampleBackground } from './sample-background.ts';
import { leastColorDistance } from './sample-figure.ts';
import type { BackgroundSpec, MarkSpec, SceneSpec } from './scene-spec.ts';

/** The factors of a scene that may be changed one at a time. */
export type SceneFactor = Exclude<keyof SceneSpec, 'version' | 'kind' | 'size'>;

/**
 * The same scene with one factor changed and every other pixel decision kept: render it and compare what the network says.
 *
 * @throws OptionError when the value lies outside the factor's range
 * @example withFactor(spec, 'noise', { amplitude: 0, seed: 0 })
 */
export function withFactor<F extends SceneFactor>(
  spec: SceneSpec,
  factor: F,
  value: SceneSpec[F],
): SceneSpec {
  const changed: SceneSpec = { ...spec, [factor]: value };
  checkSpec(changed);
  return changed;
}

/**
 * The scene without one of its objects: what was behind it shows.
 * @throws OptionError when there is no such object
 */
export function withoutObject(spec: SceneSpec, index = 0): SceneSpec {
  if (spec.objects[index] === undefined) {
    throw new OptionError(
      `withoutObject: expected the index of one of ${spec.objects.length} objects; received ${index}.`,
    );
  }
  return withFactor(
    spec,
    'objects',
    spec.objects.filter((_, i) => i !== index),
  );
}

/** The scene before another background, of another family and still different in colour from every object. */
export function withSwappedBackground(spec: SceneSpec, seed: number): SceneSpec {
  let background: BackgroundSpec;
  let attempt = 0;
  do {
    background = sampleBackground(mix(seed + Math.imul(attempt, 0x9e3779b9)));
    attempt++;
  } while (
    attempt < 200 &&
    (background.family === spec.background.family || hidesAnObject(spec, background))
  );
  return withFactor(spec, 'background', background);
}

/**
 * The scene with its mark replaced by another class's or brought to another corner.
 * @throws OptionError when the scene has no mark
 */
export function withMovedMark(spec: SceneSpec, change: Partial<MarkSpec>): SceneSpec {
  if (spec.mark === null) {
    throw new OptionError(
      'withMovedMark: expected a scene with a mark; received one without. Use withFactor(spec, "mark", …) to add one.',
    );
  }
  return withFactor(spec, 'mark', { ...spec.mark, ...change });
}

function hidesAnObject(spec: SceneSpec, background: BackgroundSpec): boolean {
  const backdrop = backdropColor(background);
  return spec.objects.some((object) => colorDistance(object.color, backdrop) < leastColorDistance);
}
