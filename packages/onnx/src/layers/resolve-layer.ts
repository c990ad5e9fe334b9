import { layerNotFound } from '@hybridcam/core';
import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import { inputCopies } from './input-copies.ts';
import { describeLayer, type LayerFacts, type ListedLayer } from './list-layers.ts';
import type { SpatialTensor } from './spatial-tensors.ts';

export interface LayerNames {
  readonly listed: readonly ListedLayer[];
  /** Every map, listed or not: any of them may be named by its tensor. */
  readonly tensors: readonly SpatialTensor[];
  readonly facts: LayerFacts;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  readonly input: string;
  readonly scores: string;
}

/**
 * The layer meant by a canonical name, a module path, a tensor name or node name, or `last`.
 * @throws LayerNotFoundError with near matches and all candidates, or why a tensor of that name is no layer
 */
export function resolveLayer(wanted: string, names: LayerNames, where?: string): ListedLayer {
  const { listed, tensors, facts } = names;
  const exact =
    listed.find(({ layer }) => layer.name === wanted) ??
    listed.find(({ layer }) => layer.aliases.includes(wanted));
  if (exact) return exact;
  const tensor = tensors.find(({ name, node }) => name === wanted || (node.name === wanted && wanted !== ''));
  if (tensor) {
    const same = listed.find((entry) => entry.tensor.name === tensor.name);
    if (same) return same;
    return { tensor, layer: describeLayer(tensor, tensor.name, [tensor.name], facts) };
  }
  throw layerNotFound(
    wanted,
    listed.map(({ layer }) => layer),
    whyNot(wanted, names),
    where,
  );
}

function whyNot(wanted: string, { facts: { graph }, shapes, input, scores }: LayerNames): string | undefined {
  if (graph.initializers.has(wanted)) return 'is a weight';
  if (wanted === input) return 'is the input itself';
  if (!isTensor(graph, wanted)) return undefined;
  if (inputCopies(graph, input).has(wanted)) return 'is still the picture';
  const dims = shapes.get(wanted)?.dims;
  const shape = dims ? ` [${dims.map((extent) => extent ?? '?').join(', ')}]` : '';
  if (!forwardReachable(graph, [input]).has(wanted)) return 'does not depend on the image';
  if (!backwardReachable(graph, [scores]).has(wanted)) return 'does not influence the scores';
  return `is no map [batch, channels, height, width] of float values:${shape || ' shape unknown'}`;
}

function isTensor(graph: GraphIndex, name: string): boolean {
  return graph.producer.has(name) || graph.inputs.some((input) => input.name === name);
}
