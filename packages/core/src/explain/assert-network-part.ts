import { UnsupportedError } from '../errors.ts';
import type { ResolvedMethod } from '../methods/method-call.ts';
import type { Model, NetworkPart } from '../model.ts';
import { networkPartOf } from './network-part-of.ts';

/** @throws UnsupportedError where the model lacks the part of the network that the method needs, saying what else there is */
export function assertNetworkPart(
  { network, identity }: Pick<Model, 'network' | 'identity'>,
  { name, variant, facts }: ResolvedMethod,
): void {
  const part = networkPartOf(facts);
  if (part === undefined) return;
  const where = `explain: expected ${partTexts[part]} for ${name}`;
  if (network === undefined) {
    throw new UnsupportedError(
      `${where}; received a model run by ${identity.runtime}, which does not hand them out. Use the ONNX file of the model, or ${otherwise[part]}.`,
    );
  }
  const { blockedBy } = network[part];
  if (blockedBy !== undefined) {
    throw new UnsupportedError(`${where}; received none: ${blockedBy}. Use ${otherwise[part]}.`);
  }
  const { partialBy } = network.shares;
  if (part === 'shares' && variant === 'paper' && partialBy !== undefined) {
    throw new UnsupportedError(
      `${where} that add up to the score; received a network where they do not: ${partialBy}. The variant pytorch-grad-cam takes the ` +
        `biases of its layers alone and claims nothing; or use ${otherwise[part]}.`,
    );
  }
}

const partTexts: Readonly<Record<NetworkPart, string>> = {
  shares: 'the gradients of the input and of every bias of the network',
  attention: 'attention matrices',
  blocks: 'attention matrices and the scores behind each block',
};

const otherwise: Readonly<Record<NetworkPart, string>> = {
  shares: 'layer-cam over several layers with layerFusion',
  attention: 'grad-cam',
  blocks: 'grad-cam',
};
