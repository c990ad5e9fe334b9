import { presets } from '@hybridcam/image';
import type { ZooName } from '@hybridcam/zoo';
import type { RuntimeWish } from '../protocol.ts';
import { openNetwork } from './open-network.ts';
import type { Opened } from './opened.ts';

/** A named network with the parameters of its checkpoint (.pth or safetensors). @throws ModelFormatError where they do not belong together */
export async function openCheckpoint(name: ZooName, bytes: Uint8Array, wish: RuntimeWish): Promise<Opened> {
  const { readCheckpoint, zooEntry } = await import('@hybridcam/zoo');
  const { network, classes: labels, preprocessing: preset } = zooEntry(name);
  const { model, running } = await openNetwork(network(), readCheckpoint(bytes), wish, { name, labels });
  return {
    model,
    facts: {
      ...running,
      labelProblem: undefined,
      preprocessing: presets[preset],
      preset,
      presetGuessed: false,
    },
  };
}
