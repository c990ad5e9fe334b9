import { loadScenesNetwork } from '@hybridcam/scenes';
import type { RuntimeWish } from '../protocol.ts';
import { startOnnx } from './onnx-runtime.ts';
import { openNetwork } from './open-network.ts';
import type { Opened } from './opened.ts';
import { scenesPreprocessing } from './scenes-preprocessing.ts';

/** The network that comes with the page. */
export async function openScenes(wish: RuntimeWish): Promise<Opened> {
  startOnnx(wish);
  const network = await loadScenesNetwork();
  const { name, classes: labels, parameters } = network;
  const { model, running } = await openNetwork(network, parameters, wish, { name, labels });
  return {
    model,
    facts: {
      ...running,
      labelProblem: undefined,
      preprocessing: scenesPreprocessing(network),
      preset: 'scenes',
      presetGuessed: false,
    },
  };
}
