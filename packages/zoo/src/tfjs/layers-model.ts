import { UnsupportedError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { checkParameters } from '../network/check-parameters.ts';
import { foldBatchNorm } from '../network/fold-batch-norm.ts';
import type { Network, Parameter, Parameters, Step } from '../network/network.ts';
import { parameterPrefix } from '../network/parameter-shapes.ts';
import { stepLayers } from './step-layers.ts';

export interface LayersModelOptions {
  /** Merge batch norms into their convolutions. Default true: same numbers, faster; false keeps them as layers. */
  readonly foldBatchNorm?: boolean;
}

/**
 * A network with its parameters as a TensorFlow.js LayersModel: input [batch, height, width, channels], output logits
 * [batch, classes]. Layers bear PyTorch's names, so `layer4.2` is the same tensor as there, with its axes in TensorFlow's order.
 *
 * Its tensors live on the backend that is active; `dispose()` of the model frees them.
 * @throws ModelFormatError when the parameters are not the network's
 * @throws UnsupportedError for a step that TensorFlow.js' layers cannot express
 */
export function layersModel(
  network: Network,
  parameters: Parameters,
  options: LayersModelOptions = {},
): tfl.LayersModel {
  checkParameters(network, parameters);
  const { network: plain, parameters: values } =
    (options.foldBatchNorm ?? true) ? foldBatchNorm(network, parameters) : { network, parameters };
  const { channels, height, width } = plain.input;
  const image = tfl.input({ name: plain.input.name, shape: [height, width, channels] });
  const tensors = new Map([[plain.input.name, image]]);
  const steps = new Map(plain.steps.map((step) => [step.name, step]));
  const weighted: (() => void)[] = [];
  for (const step of plain.steps) {
    assertPoolOfPositives(step, steps);
    const { layers, weights } = stepLayers(step);
    const inputs = [step.input, ...(step.op === 'add' ? [step.other] : [])].map((name) => tensors.get(name)!);
    let output: tf.Tensor | tf.Tensor[] | tfl.SymbolicTensor | tfl.SymbolicTensor[] =
      inputs.length === 1 ? inputs[0]! : inputs;
    for (const layer of layers) output = layer.apply(output) as tfl.SymbolicTensor;
    tensors.set(step.name, output as tfl.SymbolicTensor);
    const owner = layers.at(-1)!;
    const read = (part: string): Parameter => values.get(`${parameterPrefix(step)}.${part}`)!;
    weighted.push(() => setWeights(owner, weights(read)));
  }
  const model = tfl.model({ name: plain.name, inputs: image, outputs: tensors.get(plain.output)! });
  try {
    for (const set of weighted) set();
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

function setWeights(layer: tfl.layers.Layer, weights: readonly Parameter[]): void {
  if (weights.length === 0) return;
  tf.tidy(() => layer.setWeights(weights.map(({ shape, data }) => tf.tensor(data, [...shape], 'float32'))));
}

/** Pooling is padded with zeros here and with −∞ in PyTorch: the same only where nothing is negative. */
function assertPoolOfPositives(step: Step, steps: ReadonlyMap<string, Step>): void {
  if (step.op === 'max-pool' && step.padding > 0 && steps.get(step.input)?.op !== 'relu') {
    throw new UnsupportedError(
      `layersModel: expected a ReLU before the padded max pooling "${step.name}"; received "${step.input}".`,
    );
  }
}
