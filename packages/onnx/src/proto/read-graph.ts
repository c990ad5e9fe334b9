import { LimitError, ModelFormatError } from '@hybridcam/core';
import { READ_LIMITS } from './limits.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, ValueInfo } from './onnx-model.ts';
import { readEntry } from './read-entry.ts';
import { readSparseName, readTensor } from './read-tensor.ts';
import { readValueInfo } from './read-value-info.ts';
import type { WireReader } from './wire-reader.ts';

/** A graph while it is read. */
export class GraphParts implements OnnxGraph {
  name = '';
  nodes: OnnxNode[] = [];
  initializers: OnnxTensor[] = [];
  sparseInitializers: string[] = [];
  inputs: ValueInfo[] = [];
  outputs: ValueInfo[] = [];
  valueInfos: ValueInfo[] = [];
}

/** Adds a GraphProto to `graph`: protobuf merges repeated graphs. Recursion is bounded by `subgraphDepth`. */
export function readGraph(reader: WireReader, graph: GraphParts, depth: number): void {
  if (depth > READ_LIMITS.subgraphDepth) {
    throw new LimitError(
      `readOnnx: expected subgraphs at most ${READ_LIMITS.subgraphDepth} levels deep; received more at byte ${reader.start}.`,
    );
  }
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        graph.nodes.push(readNode(reader, graph.nodes.length, depth));
        break;
      case 2:
        graph.name = reader.string();
        break;
      case 5:
        graph.initializers.push(readTensor(reader));
        break;
      case 11:
        graph.inputs.push(readValueInfo(reader.message()));
        break;
      case 12:
        graph.outputs.push(readValueInfo(reader.message()));
        break;
      case 13:
        graph.valueInfos.push(readValueInfo(reader.message()));
        break;
      case 15:
        graph.sparseInitializers.push(readSparseName(reader.message()));
        break;
    }
  }
}

function readNode(field: WireReader, index: number, depth: number): OnnxNode {
  const { source } = field;
  if (++source.nodes > READ_LIMITS.nodes) {
    throw new LimitError(`readOnnx: expected at most ${READ_LIMITS.nodes} nodes; the file has more.`);
  }
  const message = field.view();
  const reader = field.message();
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  const metadata = new Map<string, string>();
  let name = '';
  let opType = '';
  let domain = '';
  while (reader.next()) {
    if (reader.field === 1) inputs.push(reader.string());
    else if (reader.field === 2) outputs.push(reader.string());
    else if (reader.field === 3) name = reader.string();
    else if (reader.field === 4) opType = reader.string();
    else if (reader.field === 5) readAttribute(reader.message(), attributes, depth);
    else if (reader.field === 7) domain = reader.string();
    else if (reader.field === 9) readEntry(reader.message(), metadata);
  }
  if (opType === '') {
    throw new ModelFormatError(
      `readOnnx: expected an operator in node ${index} ("${name}"); received none. The file is damaged.`,
    );
  }
  if (domain === 'ai.onnx') domain = '';
  const captured = capturedNames(attributes);
  return { index, name, opType, domain, inputs, outputs, attributes, metadata, captured, message };
}

function readAttribute(reader: WireReader, out: Map<string, OnnxAttribute>, depth: number): void {
  const ints: number[] = [];
  const floats: number[] = [];
  const strings: string[] = [];
  const graphs: OnnxGraph[] = [];
  let name = '';
  let type = 0;
  let int = 0;
  let float = 0;
  let string = '';
  let tensor: OnnxTensor | undefined;
  let graph: GraphParts | undefined;
  let seen = 0;
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) float = reader.float();
    else if (reader.field === 3) int = reader.integer();
    else if (reader.field === 4) string = reader.string();
    else if (reader.field === 5) tensor = readTensor(reader);
    else if (reader.field === 6) {
      graph ??= new GraphParts();
      readGraph(reader.message(), graph, depth + 1);
    } else if (reader.field === 7) reader.floats(floats);
    else if (reader.field === 8) reader.integers(ints);
    else if (reader.field === 9) strings.push(reader.string());
    else if (reader.field === 11) {
      const parts = new GraphParts();
      readGraph(reader.message(), parts, depth + 1);
      graphs.push(parts);
    } else if (reader.field === 20) type = reader.integer();
    if (reader.field >= 2 && reader.field <= 11) seen = ATTRIBUTE_TYPE_BY_FIELD[reader.field] ?? 0;
  }
  // Exporters before IR 2 leave the type out; then the field that was there tells it.
  const kind = type || seen;
  if (kind === 1) out.set(name, { kind: 'float', value: float });
  else if (kind === 2) out.set(name, { kind: 'int', value: int });
  else if (kind === 3) out.set(name, { kind: 'string', value: string });
  else if (kind === 4 && tensor) out.set(name, { kind: 'tensor', value: tensor });
  else if (kind === 5 && graph) out.set(name, { kind: 'graph', value: graph });
  else if (kind === 6) out.set(name, { kind: 'floats', value: floats });
  else if (kind === 7) out.set(name, { kind: 'ints', value: ints });
  else if (kind === 8) out.set(name, { kind: 'strings', value: strings });
  else if (kind === 10) out.set(name, { kind: 'graphs', value: graphs });
  else out.set(name, { kind: 'other' });
}

const ATTRIBUTE_TYPE_BY_FIELD: Readonly<Record<number, number>> = {
  2: 1,
  3: 2,
  4: 3,
  5: 4,
  6: 5,
  7: 6,
  8: 7,
  9: 8,
  10: 9,
  11: 10,
};

/** Names that subgraphs read from outside: used in them, defined nowhere in them. */
function capturedNames(attributes: ReadonlyMap<string, OnnxAttribute>): string[] {
  const captured = new Set<string>();
  for (const attribute of attributes.values()) {
    const graphs =
      attribute.kind === 'graph' ? [attribute.value] : attribute.kind === 'graphs' ? attribute.value : [];
    for (const graph of graphs) {
      const defined = new Set<string>(['', ...graph.sparseInitializers]);
      for (const { name } of graph.inputs) defined.add(name);
      for (const { name } of graph.initializers) defined.add(name);
      for (const node of graph.nodes) for (const output of node.outputs) defined.add(output);
      const use = (name: string): void => {
        if (!defined.has(name)) captured.add(name);
      };
      for (const node of graph.nodes) {
        node.inputs.forEach(use);
        node.captured.forEach(use);
      }
      for (const { name } of graph.outputs) use(name);
    }
  }
  return [...captured];
}
