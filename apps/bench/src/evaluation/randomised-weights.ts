import { UnsupportedError } from '@hybridcam/core';
import { seededRandom } from '@hybridcam/metrics';
import { bytesPerElement, indexGraph, isFloatType, type OnnxTensor, readOnnx } from '@hybridcam/onnx';

export interface RandomisedWeights {
  readonly bytes: Uint8Array;
  /** The weight nearest to the input that was changed. */
  readonly downTo: string;
}

/**
 * A copy of an ONNX model whose last weights, from the scores downwards, are shuffled: every matrix and kernel keeps its values and so its
 * scale, and loses which value belongs where. Biases and normalisations stay.
 * @param fraction share of the weight tensors, (0, 1]; 1 shuffles all
 * @throws UnsupportedError when a weight does not lie in the file itself; ModelFormatError when the bytes are no ONNX model
 */
export function randomisedWeights(model: Uint8Array, fraction: number, seed: number): RandomisedWeights {
  const bytes = model.slice();
  const graph = indexGraph(readOnnx(bytes));
  const weights: OnnxTensor[] = [];
  for (const node of graph.nodes) {
    for (const name of node.inputs) {
      const tensor = graph.initializers.get(name);
      if (tensor && isWeight(tensor) && !weights.includes(tensor)) weights.push(tensor);
    }
  }
  const chosen = weights.slice(weights.length - Math.ceil(fraction * weights.length));
  if (chosen.length === 0)
    throw new UnsupportedError('weight-randomisation: expected weights in the model; found none.');
  for (const tensor of chosen) shuffle(tensor, seed + weights.indexOf(tensor));
  return { bytes, downTo: chosen[0]!.name };
}

/** Matrices and kernels; scales and biases have one axis. */
function isWeight({ dims, dataType }: OnnxTensor): boolean {
  return isFloatType(dataType) && dims.filter((extent) => extent > 1).length >= 2;
}

function shuffle({ name, rawData, dataType, dims }: OnnxTensor, seed: number): void {
  if (!rawData) {
    throw new UnsupportedError(
      `weight-randomisation: expected the weights in the model file itself; "${name}" is kept elsewhere.`,
    );
  }
  const size = bytesPerElement(dataType)!;
  const random = seededRandom(seed);
  for (let i = dims.reduce((product, extent) => product * extent, 1) - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    for (let byte = 0; byte < size; byte++) {
      const [a, b] = [i * size + byte, j * size + byte];
      [rawData[a], rawData[b]] = [rawData[b]!, rawData[a]!];
    }
  }
}
