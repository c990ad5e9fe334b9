import type { GraphIndex } from '../graph/graph-index.ts';
import type { DataType } from '../proto/data-type.ts';
import type { GraphDescription } from '../proto/graph-description.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import { writeModel } from '../proto/write-onnx.ts';
import { BACKWARD_OPSET, createEmitter, type Emitter } from './emitter.ts';
import type { Measurements } from './measurements.ts';
import { originOf } from './origin.ts';
import type { GradientPath } from './path.ts';
import { createTensorReader, type TensorReader } from './read-tensors.ts';
import type { Rule, RuleContext, RuleOptions } from './rule.ts';
import { batchAxisOf, type RuleScope, ruleContext } from './rule-context.ts';
import { ruleOf } from './rule-table.ts';
import type { TapMask } from './tap-mask.ts';

/** Extents as measured; undefined where they follow the batch. */
export type PlannedDims = readonly (number | undefined)[];

export interface PlannedTensor {
  readonly name: string;
  readonly dims: PlannedDims;
  readonly dataType: DataType;
}

export interface PlannedTap extends PlannedTensor {
  /** What the tap is the mask of. undefined: the tap is itself a tensor of the forward model. */
  readonly mask?: TapMask;
}

export interface BackwardGraph {
  readonly taps: readonly PlannedTap[];
  readonly cotangent: PlannedTensor;
  /** Output of the backward model for each layer. */
  readonly gradients: readonly (PlannedTensor & { readonly layer: string })[];
  readonly emit: Emitter;
  readonly reader: TensorReader;
  /** A node counts pictures. */
  readonly batchIsFixed: boolean;
}

export interface BackwardSource {
  readonly graph: GraphIndex;
  readonly files: ExternalFiles;
  readonly path: GradientPath;
  readonly layers: readonly string[];
  readonly scores: string;
  readonly options: RuleOptions;
  /** Name of the forward model's own bytes among the sessions' external data; undefined: weights are copied. */
  readonly self?: string | undefined;
  /**
   * A mask is made in the forward model and handed over as such. false, where both are one graph: it is made where it is used, as
   * older optimisers take a float cast to a truth value and back for the float.
   */
  readonly handsOverMasks: boolean;
}

/** Starts every name that the engine adds; no exporter uses it. */
export const NAME_PREFIX = 'hybridcam/';

/**
 * Runs the rules from the scores back to the layers.
 * @throws UnsupportedError when a node's variant has no rule
 */
export function backwardGraph(
  source: BackwardSource,
  measured: Measurements,
  otherBatch: Measurements | undefined,
): BackwardGraph {
  const { graph, path, layers, scores } = source;
  const emit = createEmitter(NAME_PREFIX);
  const { self, handsOverMasks } = source;
  const reader = createTensorReader({ graph, emit, measured, prefix: NAME_PREFIX, self, handsOverMasks });
  let batchIsFixed = false;
  const fixBatch = (): void => {
    batchIsFixed = true;
  };
  const scope: RuleScope = { ...source, measured, otherBatch, active: path.active, emit, reader, fixBatch };
  const planned = (name: string, tensor: string, dataType: DataType): PlannedTensor => {
    const growing = batchAxisOf(scope, tensor);
    const dims = (measured.shapes.get(tensor) ?? []).map((extent, axis) =>
      axis === growing ? undefined : extent,
    );
    return { name, dims, dataType };
  };
  const cotangent = planned(`${NAME_PREFIX}cotangent`, scores, 'float32');
  const terms = new Map<string, string[]>([[scores, [cotangent.name]]]);
  const total = (tensor: string): string | undefined => {
    const [first, ...rest] = terms.get(tensor) ?? [];
    if (first === undefined) return undefined;
    const sum = rest.reduce((a, b) => emit.op('Add', [a, b]), first);
    terms.set(tensor, [sum]);
    return sum;
  };
  for (const node of [...path.nodes].reverse()) {
    const cotangents = node.outputs.map((name) => (name === '' ? undefined : total(name)));
    if (cotangents.every((name) => name === undefined)) continue;
    const rule = ruleOf(node)!;
    const context = ruleContext(scope, node, cotangents);
    assertParameters(graph, rule, context);
    const results = rule.vjp(context);
    node.inputs.forEach((name, input) => {
      const result = results[input];
      if (result === undefined || !path.active.has(name)) return;
      const known = terms.get(name);
      if (known) known.push(result);
      else terms.set(name, [result]);
    });
  }
  const gradients = layers.map((layer, i) => {
    const name = `${NAME_PREFIX}gradient_${i}`;
    return { ...planned(name, layer, 'float32'), layer, value: total(layer)! };
  });
  const values = [...reader.taps].map(([tensor, dataType]) => planned(tensor, tensor, dataType));
  const masks = [...reader.masks].map(([name, mask]) => ({ ...planned(name, mask.of, 'bool'), mask }));
  return {
    taps: [...values, ...masks],
    cotangent,
    gradients: gradients.map(({ value, ...gradient }) => {
      emit.alias(value, gradient.name);
      return gradient;
    }),
    emit,
    reader,
    batchIsFixed,
  };
}

/** A plan holds for every picture of its size: nothing that shapes it may depend on what a picture shows. */
function assertParameters(graph: GraphIndex, rule: Rule, context: RuleContext): void {
  for (const input of rule.parameters ?? []) {
    const name = context.inputs[input] ?? '';
    if (name !== '' && originOf(graph, name) === 'pixels') {
      context.refuse(`its input ${input} ("${name}") depends on the image`);
    }
  }
}

/** ONNX bytes of a backward graph: own opset, float32, inputs = cotangent and taps, outputs = gradients. */
export function writeBackwardModel({ taps, cotangent, gradients, emit, reader }: BackwardGraph): Uint8Array {
  const shape = (dims: PlannedDims, tensor: number): (number | string)[] =>
    dims.map((extent) => extent ?? `batch_${tensor}`);
  const graph: GraphDescription = {
    name: 'backward',
    inputs: [cotangent, ...taps].map(({ name, dims, dataType }, i) => ({
      name,
      dataType,
      shape: shape(dims, i),
    })),
    outputs: gradients.map(({ name, dims, dataType }, i) => ({
      name,
      dataType,
      shape: shape(dims, taps.length + 1 + i),
    })),
    nodes: emit.nodes.map((node, i) => ({ ...node, name: `${NAME_PREFIX}node_${i}` })),
    initializers: [
      ...reader.weights.values(),
      ...emit.constants.map(({ name, dims, data }) => ({
        name,
        dims,
        dataType: data instanceof Float32Array ? ('float32' as const) : ('int64' as const),
        data,
      })),
    ],
  };
  return writeModel({ opsets: { '': BACKWARD_OPSET }, ir: 8, graph });
}

/** True when two backward graphs are the same but for their tensors' batch: then one serves every batch. */
export function sameGraph(a: BackwardGraph, b: BackwardGraph): boolean {
  const same = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);
  const dims = (graph: BackwardGraph): unknown => [graph.taps, graph.cotangent, graph.gradients];
  return (
    same(a.emit.nodes, b.emit.nodes) &&
    same(dims(a), dims(b)) &&
    a.emit.constants.length === b.emit.constants.length &&
    a.emit.constants.every((constant, i) => {
      const other = b.emit.constants[i]!;
      return (
        same(constant.dims, other.dims) &&
        constant.data.length === other.data.length &&
        constant.data.every((value, j) => value === other.data[j])
      );
    })
  );
}
