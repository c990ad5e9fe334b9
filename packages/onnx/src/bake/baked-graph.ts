import { OptionError } from '@hybridcam/core';
import { NAME_PREFIX, type PlannedDims } from '../autodiff/backward-model.ts';
import { createEmitter } from '../autodiff/emitter.ts';
import type { PlannedGraph } from '../autodiff/plan.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { ListedLayer } from '../layers/list-layers.ts';
import type { ImageInput } from '../model-input.ts';
import type { DataType } from '../proto/data-type.ts';
import type { GraphDescription } from '../proto/graph-description.ts';
import { addedInputs, emitAlpha } from './added-inputs.ts';
import type { BakeRequest } from './bake-options.ts';
import { bakedNodes } from './baked-nodes.ts';
import { emitCotangent, guardInputShape } from './emit-cotangent.ts';
import type { NodeNames } from './emit-guard.ts';
import { emitLayer } from './emit-layer.ts';
import { emitRequested } from './emit-requested.ts';

export interface BakedGraphRequest {
  readonly plan: PlannedGraph;
  /** The model's own graph. */
  readonly graph: GraphIndex;
  readonly input: ImageInput;
  readonly scores: { readonly name: string; readonly dataType: DataType | undefined };
  readonly layers: readonly ListedLayer[];
  readonly request: BakeRequest;
}

export interface BakedGraph {
  /** What is appended to the model. */
  readonly addition: GraphDescription;
  /** Shape of every added output; undefined: any batch. */
  readonly sizes: ReadonlyMap<string, PlannedDims>;
}

/** The nodes between the scores and the map: class → cotangent → backward pass → map, as an addition to the model's graph. */
export function bakedGraph({ plan, graph, input, scores, layers, request }: BakedGraphRequest): BakedGraph {
  const { planned, inputDims } = plan;
  const names: NodeNames = new Map();
  const added = addedInputs(request);
  const target = createEmitter(`${NAME_PREFIX}target/`);
  const { dims } = planned.cotangent;
  const onehot = emitCotangent({
    emit: target,
    names,
    scores: scores.name,
    dims,
    castScores: scores.dataType !== 'float32',
    classCount: classCountOf(dims, request),
    classIndex: request.classIndex,
    classInput: added.classInput,
  });
  const open = graph.inputs[0]!.shape;
  // What the model leaves open and the plan does not.
  const fixed = inputDims.map((extent, axis) => (typeof open?.[axis] === 'number' ? undefined : extent));
  const cotangent = guardInputShape(target, names, onehot, input.name, fixed, shapeTitle(inputDims));
  target.alias(cotangent, planned.cotangent.name);

  const { emit, reader } = planned;
  const tensors = layers.map(({ tensor }) => {
    const gradient = planned.gradients.find(({ layer }) => layer === tensor.name)!;
    return emitLayer(emit, tensor, reader.read(tensor.name), gradient.name, gradient.dims);
  });
  const alpha = added.alphaInput === undefined ? request.alpha : emitAlpha(emit, names, added.alphaInput);
  const [, a, b, c] = inputDims as [unknown, number, number, number];
  const results = emitRequested(emit, request, tensors, alpha, input.layout === 'nchw' ? [b, c] : [a, b]);
  for (const { name, tensor } of results) emit.alias(tensor, name);

  const { nodes, initializers } = bakedNodes({
    graph,
    nodes: [...target.nodes, ...emit.nodes],
    constants: [...target.constants, ...emit.constants],
    weights: reader.weights,
    names,
    outputs: results.map(({ name }) => name),
  });
  const batch = inputDims[0];
  return {
    sizes: new Map(results.map(({ name, dims }) => [name, [batch, ...dims]])),
    addition: {
      nodes,
      inputs: added.values,
      outputs: results.map(({ name, dims }) => ({
        name,
        dataType: 'float32',
        shape: [batch ?? batchName(graph), ...dims],
      })),
      initializers: [...initializers, ...added.defaults],
    },
  };
}

/** Scores are [batch, classes] with axes of one element anywhere. */
function classCountOf(dims: PlannedDims, { classIndex }: BakeRequest): number {
  const own = dims.length === 1 ? dims : dims.slice(1);
  const count = own.reduce<number>((product, extent) => product * (extent ?? 1), 1);
  if (classIndex !== undefined && classIndex >= count) {
    throw new OptionError(
      `bakeModel: expected "classIndex" from 0 to ${count - 1}, of ${count} classes; received ${classIndex}.`,
    );
  }
  return count;
}

/** Such as `anyx3x224x224`. */
export function shapeTitle(dims: PlannedDims): string {
  return dims.map((extent) => extent ?? 'any').join('x');
}

/** The added outputs share the name of the model's own open batch. */
function batchName(graph: GraphIndex): string {
  const extent = graph.inputs[0]!.shape?.[0];
  return typeof extent === 'string' ? extent : `${NAME_PREFIX}batch`;
}
