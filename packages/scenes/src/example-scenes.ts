import type { SceneOptions } from './sample-scene.ts';

/** A scene worth showing. */
export interface ExampleScene {
  /** Unique; good as a file name. */
  readonly name: string;
  readonly options: SceneOptions;
}

/**
 * Six scenes chosen for their looks, rendered larger than the network reads so that they please the eye; the last has objects of two
 * classes, whose maps must lie in different places.
 *
 * @example exampleScenes.map(({ name, options }) => ({ name, scene: generateScene(options) }))
 */
export const exampleScenes: readonly ExampleScene[] = [
  { name: 'fish', options: { seed: 7178, size: 384 } },
  { name: 'house', options: { seed: 7243, size: 384 } },
  { name: 'key', options: { seed: 7024, size: 384 } },
  { name: 'cup', options: { seed: 7209, size: 384 } },
  { name: 'star', options: { seed: 7056, size: 384 } },
  {
    name: 'mushroom-and-butterfly',
    options: { seed: 326, size: 384, kind: 'two-objects', area: [0.09, 0.16], distractors: 2 },
  },
];
