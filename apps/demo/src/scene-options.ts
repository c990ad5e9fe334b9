import { exampleScenes, type SceneOptions } from '@hybridcam/scenes';

/** Side of the scenes that are drawn anew, as large as the samples. */
const sceneSide = 384;

/** How a sample is drawn, in the page's worker and in the program that the page hands out; undefined where there is none of that name. */
export function sampleOptions(name: string): SceneOptions | undefined {
  return exampleScenes.find((example) => example.name === name)?.options;
}

/** How a new scene is drawn. */
export function seedOptions(seed: number): SceneOptions {
  return { seed, size: sceneSide };
}
