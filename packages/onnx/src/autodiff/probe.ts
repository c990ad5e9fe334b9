import type { AbortSignalLike } from '@hybridcam/core';
import { throwIfAborted } from '@hybridcam/core';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { OrtRuntime, OrtSession, OrtSessionOptions } from '../ort.ts';
import type { NodeCopy, NodeDescription } from '../proto/graph-description.ts';
import type { OnnxTensor } from '../proto/onnx-model.ts';
import { appendToModel } from '../proto/write-onnx.ts';
import type { MeasuredValue, Measurements } from './measurements.ts';
import { mixesFloatTypes } from './mixes-float-types.ts';
import { originOf } from './origin.ts';
import type { GradientPath } from './path.ts';
import { measuredValue, zeros } from './probe-tensors.ts';
import { ruleOf } from './rule-table.ts';

/** Runs the model once per batch size to learn what the file does not say: shapes, and parameters the graph computes. */
export interface Probe {
  measure(inputShape: readonly number[], signal?: AbortSignalLike): Promise<Measurements>;
  release(): Promise<void>;
}

export interface ProbeRequest {
  readonly ort: OrtRuntime;
  readonly graph: GraphIndex;
  /** The forward model as sessions take it. Default: the file's own bytes. */
  readonly sessionBytes?: Uint8Array | undefined;
  readonly sessionOptions: OrtSessionOptions;
  /** Nodes and weights of inlined branches, which the forward model does not have in its main graph. */
  readonly copies?: readonly NodeCopy[] | undefined;
  readonly weights?: readonly { readonly copy: OnnxTensor; readonly name: string }[] | undefined;
}

const PREFIX = 'hybridcam_probe/';

/**
 * A session over the model with more outputs: the Shape of every tensor on the path, and the value of every parameter and
 * weight that the graph computes itself.
 */
export async function createProbe(request: ProbeRequest, path: GradientPath): Promise<Probe> {
  const { ort, graph, sessionBytes = graph.model.bytes, sessionOptions, copies = [], weights = [] } = request;
  const wanted = wantedTensors(graph, path);
  const nodes: NodeDescription[] = [];
  const outputs: { name: string }[] = [];
  const sources = new Map<string, { kind: 'shape' | 'value' | 'sample'; tensor: string }>();
  const output = (kind: 'shape' | 'value' | 'sample', tensor: string): string => {
    const name = `${PREFIX}${outputs.length}`;
    outputs.push({ name });
    sources.set(name, { kind, tensor });
    return name;
  };
  for (const tensor of wanted.shapes) {
    nodes.push({ opType: 'Shape', inputs: [tensor], outputs: [output('shape', tensor)] });
  }
  for (const tensor of wanted.values) {
    nodes.push({ opType: 'Identity', inputs: [tensor], outputs: [output('value', tensor)] });
  }
  const mixed = mixesFloatTypes(graph);
  const initializers = mixed
    ? [
        { name: `${PREFIX}flat`, dims: [1], dataType: 'int64' as const, data: [-1] },
        { name: `${PREFIX}first`, dims: [1], dataType: 'int64' as const, data: [0] },
      ]
    : [];
  // One element of each tensor tells its type.
  for (const tensor of mixed ? wanted.shapes : []) {
    const flat = `${PREFIX}flat_${nodes.length}`;
    nodes.push(
      { opType: 'Reshape', inputs: [tensor, `${PREFIX}flat`], outputs: [flat] },
      { opType: 'Gather', inputs: [flat, `${PREFIX}first`], outputs: [output('sample', tensor)] },
    );
  }
  const bytes = appendToModel(sessionBytes, {
    nodes: [...copies, ...nodes],
    outputs,
    initializers: [...weights, ...initializers],
  });
  const session = await createUnoptimised(ort, bytes, sessionOptions);
  return {
    release: () => session.release(),
    measure: async (inputShape, signal) => {
      throwIfAborted(signal, 'differentiate');
      const input = zeros(ort, graph, inputShape);
      const results = await session.run(
        { [graph.inputs[0]!.name]: input },
        outputs.map(({ name }) => name),
      );
      const shapes = new Map<string, readonly number[]>();
      const values = new Map<string, MeasuredValue>();
      const dataTypes = new Map<string, MeasuredValue['dataType']>();
      for (const [name, { kind, tensor }] of sources) {
        const result = results[name]!;
        if (kind === 'shape') shapes.set(tensor, Array.from(result.data as BigInt64Array, Number));
        else if (kind === 'sample')
          dataTypes.set(tensor, result.type === 'int4' || result.type === 'uint4' ? 'other' : result.type);
        else values.set(tensor, measuredValue(tensor, result));
        result.dispose();
      }
      input.dispose();
      return { batch: inputShape[0] ?? 1, shapes, values, dataTypes };
    },
  };
}

/** Values of tensors that do not depend on pixels, for one input shape. */
export async function measureValues(
  request: ProbeRequest,
  tensors: readonly string[],
  inputShape: readonly number[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const values = new Map<string, readonly number[]>();
  const names = [...new Set(tensors)];
  if (names.length === 0) return values;
  const { ort, graph, sessionBytes = graph.model.bytes, sessionOptions, copies = [], weights = [] } = request;
  const outputs = names.map((_, i) => ({ name: `${PREFIX}${i}` }));
  const nodes = names.map((tensor, i) => ({
    opType: 'Identity',
    inputs: [tensor],
    outputs: [`${PREFIX}${i}`],
  }));
  const bytes = appendToModel(sessionBytes, { nodes: [...copies, ...nodes], outputs, initializers: weights });
  const session = await createUnoptimised(ort, bytes, sessionOptions);
  try {
    const input = zeros(ort, graph, inputShape);
    const results = await session.run(
      { [graph.inputs[0]!.name]: input },
      outputs.map(({ name }) => name),
    );
    names.forEach((tensor, i) => {
      values.set(tensor, Array.from(measuredValue(tensor, results[`${PREFIX}${i}`]!).data));
    });
    return values;
  } finally {
    await session.release();
  }
}

/**
 * Above level `disabled` ONNX Runtime folds Shape to the shape it infers, which for ceil_mode pools is not the one it
 * computes. Some web builds lack kernels (Dropout) that only higher levels remove.
 */
async function createUnoptimised(
  ort: OrtRuntime,
  bytes: Uint8Array,
  options: OrtSessionOptions,
): Promise<OrtSession> {
  // What a probe finds is read at once, wherever other sessions leave their outputs.
  const common: OrtSessionOptions = { ...options, preferredOutputLocation: 'cpu' };
  try {
    return await ort.InferenceSession.create(bytes, { ...common, graphOptimizationLevel: 'disabled' });
  } catch {
    return await ort.InferenceSession.create(bytes, { ...common, graphOptimizationLevel: 'basic' });
  }
}

function wantedTensors(graph: GraphIndex, path: GradientPath): { shapes: Set<string>; values: Set<string> } {
  const shapes = new Set<string>();
  const values = new Set<string>();
  for (const node of path.nodes) {
    const parameters = ruleOf(node)?.parameters ?? [];
    node.inputs.forEach((name, input) => {
      if (name === '' || constantOf(graph, name)) return;
      shapes.add(name);
      if (path.active.has(name)) return;
      const origin = originOf(graph, name);
      if (origin === 'constants' || (origin === 'shapes' && parameters.includes(input))) values.add(name);
    });
    for (const name of node.outputs) if (name !== '') shapes.add(name);
  }
  return { shapes, values };
}
