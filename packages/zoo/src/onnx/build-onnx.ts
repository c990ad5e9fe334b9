import type { Parameters } from '../network/network.ts';
import { zooEntry } from '../registry/zoo.ts';
import { type WriteNetworkOptions, writeNetwork } from './write-network.ts';

/**
 * ONNX bytes of a zoo model with the parameters of its checkpoint: input [batch, 3, 224, 224], output `logits` [batch, 1000], layers
 * named as in PyTorch.
 *
 * @throws OptionError for a name that is not in the zoo
 * @throws ModelFormatError naming missing, unexpected and misshapen tensors
 * @example buildOnnx('resnet50', readCheckpoint(await readFile('resnet50-0676ba61.pth')))
 */
export function buildOnnx(
  name: string,
  parameters: Parameters,
  options: WriteNetworkOptions = {},
): Uint8Array {
  return writeNetwork(zooEntry(name).network(), parameters, options);
}
