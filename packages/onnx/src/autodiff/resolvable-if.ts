import type { GraphIndex } from '../graph/graph-index.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import { originOf } from './origin.ts';

/** True for an `If` whose condition does not depend on what the picture shows and whose branches hold no further subgraphs. */
export function isResolvableIf(graph: GraphIndex, node: OnnxNode): boolean {
  if (node.opType !== 'If' || node.domain !== '') return false;
  const branches = ['then_branch', 'else_branch'].map((name) => node.attributes.get(name));
  const isFlat = branches.every(
    (branch) => branch?.kind === 'graph' && branch.value.nodes.every(({ captured }) => captured.length === 0),
  );
  return isFlat && originOf(graph, node.inputs[0] ?? '') !== 'pixels';
}
