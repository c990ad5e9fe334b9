import { heldOutSeed } from './held-out-seed.ts';
import type { SceneOptions } from './sample-scene.ts';

/** A scene worth showing. */
export interface ExampleScene {
  /** Unique; good as a file name. */
  readonly name: string;
  readonly options: SceneOptions;
}

/**
 * Six scenes chosen for their looks from those that were never trained on, rendered larger than the network reads so that they please the eye; the last has objects of two
 * classes, whose maps must lie in different places.
 *
 * @example exampleScenes.map(({ name, options }) => ({ name, scene: generateScene(options) }))
 */
export const exampleScenes: readonly ExampleScene[] = [
  { name: 'fish', options: { seed: heldOutSeed + 138, size: 384 } },
  { name: 'house', options: { seed: heldOutSeed + 55, size: 384 } },
  { name: 'key', options: { seed: heldOutSeed + 259, size: 384 } },
  { name: 'cup', options: { seed: heldOutSeed + 8, size: 384 } },
  { name: 'star', options: { seed: heldOutSeed + 192, size: 384 } },
  {
    name: 'mushroom-and-butterfly',
    options: {
      seed: heldOutSeed + 1556,
      size: 384,
      kind: 'two-objects',
      area: [0.09, 0.16],
      distractors: 2,
    },
  },
];
