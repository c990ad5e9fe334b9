import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Parameters } from '../network/network.ts';
import { zooEntry } from '../registry/zoo.ts';
import { type LayersModelOptions, layersModel } from './layers-model.ts';

/**
 * A zoo model with the parameters of its checkpoint as a TensorFlow.js LayersModel: input [batch, 224, 224, 3], output logits
 * [batch, 1000], layers named as in PyTorch. `createTfjsModel` of `@hybridcam/tfjs` makes it explainable.
 *
 * @throws OptionError for a name that is not in the zoo
 * @throws ModelFormatError naming missing, unexpected and misshapen tensors
 * @example const model = await createTfjsModel(buildTfjs('resnet50', parameters), { labels: zoo.resnet50.classes })
 */
export function buildTfjs(
  name: string,
  parameters: Parameters,
  options: LayersModelOptions = {},
): LayersModel {
  return layersModel(zooEntry(name).network(), parameters, options);
}
