import { renderScene, type Scene } from './render-scene.ts';
import { type SceneOptions, sampleScene } from './sample-scene.ts';

/**
 * Draws a scene's factors from the seed and renders it.
 *
 * @throws OptionError for options that no scene can meet
 * @example generateScene({ seed: 7, className: 'fish' }).objects[0]?.name // 'fish'
 */
export function generateScene(options: SceneOptions): Scene {
  return renderScene(sampleScene(options));
}
