import { loadScenesNetwork, type ScenesNetwork } from '@hybridcam/scenes';
import { writeNetwork } from './write-network.ts';

/**
 * ONNX bytes of the scenes network: input [batch, 3, 96, 96], output `logits` [batch, classes], layers `layer1.0` to `layer4.1`.
 * The same network always gives the same bytes.
 *
 * @param network default: the one that `@hybridcam/scenes` carries
 * @throws IntegrityError when the carried weights are damaged
 * @throws ModelFormatError when a given network and its parameters do not belong together
 * @example (await scenesOnnxModel()).length // about 0.6 MB
 */
export async function scenesOnnxModel(network?: ScenesNetwork): Promise<Uint8Array> {
  const chosen = network ?? (await loadScenesNetwork());
  return writeNetwork(chosen, chosen.parameters);
}
