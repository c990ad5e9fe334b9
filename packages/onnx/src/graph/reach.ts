import type { OnnxNode } from '../proto/onnx-model.ts';
import type { GraphIndex } from './graph-index.ts';

/**
 * All tensors whose values depend on those of any of `names`, themselves included; dependence through subgraphs counts. With `blocked`, ways
 * through that tensor do not count. A tensor's shape does not depend on its values.
 */
export function forwardReachable(graph: GraphIndex, names: Iterable<string>, blocked?: string): Set<string> {
  const reached = new Set(names);
  // Nodes come in topological order, so one pass suffices.
  for (const node of graph.nodes) {
    if (readsOnlyShape(node) || !reads(node, reached)) continue;
    for (const output of node.outputs) if (output !== '' && output !== blocked) reached.add(output);
  }
  return reached;
}

/** All tensors on which any of `names` depends, themselves included. */
export function backwardReachable(graph: GraphIndex, names: Iterable<string>): Set<string> {
  const reached = new Set(names);
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.outputs.some((output) => reached.has(output))) continue;
    for (const input of node.inputs) if (input !== '') reached.add(input);
    for (const input of node.captured) reached.add(input);
  }
  return reached;
}

/** Its output says nothing about what a tensor holds. */
export function readsOnlyShape({ opType }: OnnxNode): boolean {
  return ONLY_SHAPE.has(opType);
}

const ONLY_SHAPE = new Set(['Shape', 'Size', 'ConstantOfShape']);

function reads(node: OnnxNode, tensors: ReadonlySet<string>): boolean {
  return node.inputs.some((name) => tensors.has(name)) || node.captured.some((name) => tensors.has(name));
}
