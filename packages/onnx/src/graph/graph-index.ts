import { ModelFormatError } from '@hybridcam/core';
import type { OnnxModel, OnnxNode, OnnxTensor, ValueInfo } from '../proto/onnx-model.ts';
import { topologicalOrder } from './topological-order.ts';

/** Who makes and who uses each tensor of the main graph. */
export interface GraphIndex {
  readonly model: OnnxModel;
  /** Version of the standard operator set. */
  readonly opset: number;
  /** In topological order: the file's, where it keeps to one. */
  readonly nodes: readonly OnnxNode[];
  readonly producer: ReadonlyMap<string, OnnxNode>;
  /** Nodes that read a tensor, as an input or from inside a subgraph (then it is in `captured`, not in `inputs`). */
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>;
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** What a caller must feed: graph inputs that are not initializers with a default. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Declared type and shape of inputs, outputs and inner tensors, where the exporter wrote them. */
  readonly valueInfos: ReadonlyMap<string, ValueInfo>;
}

/**
 * Indexes the main graph.
 * @throws ModelFormatError when a tensor is made twice, is used before it is made, or an output is never made
 */
export function indexGraph(model: OnnxModel): GraphIndex {
  const { graph } = model;
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const isConstant = (name: string): boolean =>
    initializers.has(name) || graph.sparseInitializers.includes(name);
  const inputs = graph.inputs.filter(({ name }) => !isConstant(name));
  const known = new Set<string>(['', ...initializers.keys(), ...graph.sparseInitializers]);
  for (const { name } of graph.inputs) known.add(name);
  const producer = new Map<string, OnnxNode>();
  const consumers = new Map<string, OnnxNode[]>();
  const nodes = topologicalOrder(graph.nodes);
  for (const node of nodes) {
    for (const name of new Set([...node.inputs, ...node.captured])) {
      if (name === '') continue;
      if (!known.has(name)) {
        throw new ModelFormatError(
          `readOnnx: expected tensor "${name}" before ${node.opType} "${node.name}" uses it; nothing makes it. The file is damaged.`,
        );
      }
      const users = consumers.get(name);
      if (users) users.push(node);
      else consumers.set(name, [node]);
    }
    for (const name of node.outputs) {
      if (name === '') continue;
      if (known.has(name)) {
        throw new ModelFormatError(
          `readOnnx: expected tensor "${name}" to be made once; ${node.opType} "${node.name}" makes it again. The file is damaged.`,
        );
      }
      known.add(name);
      producer.set(name, node);
    }
  }
  for (const { name } of graph.outputs) {
    if (!known.has(name)) {
      throw new ModelFormatError(
        `readOnnx: expected something to make output "${name}"; nothing does. The file is damaged.`,
      );
    }
  }
  const valueInfos = new Map<string, ValueInfo>();
  for (const info of [...graph.valueInfos, ...graph.inputs, ...graph.outputs]) {
    if (info.dataType !== undefined || !valueInfos.has(info.name)) valueInfos.set(info.name, info);
  }
  const opset = model.opsets.get('') ?? 0;
  return {
    model,
    opset,
    nodes,
    producer,
    consumers,
    initializers,
    inputs,
    outputs: graph.outputs,
    valueInfos,
  };
}
