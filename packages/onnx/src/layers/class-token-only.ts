import { intAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable } from '../graph/reach.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import { slicedTokens, type TokenLayout } from './token-layouts.ts';
import { isTokenwise } from './tokenwise.ts';

/**
 * Token tensors of which the scores read class tokens alone: behind the last attention nothing flows between tokens any more,
 * so the gradient of every place of the map is exactly 0.
 */
export function classTokenOnly(
  graph: GraphIndex,
  tokens: ReadonlyMap<string, TokenLayout>,
  forward: ReadonlySet<string>,
  scores: string,
): ReadonlySet<string> {
  const influential = backwardReachable(graph, [scores]);
  const found = new Set<string>();
  const picksPrefix = (node: OnnxNode, tensor: string): boolean => {
    const prefix = tokens.get(tensor)?.prefix ?? 0;
    if (node.inputs[0] !== tensor) return false;
    if (node.opType === 'Gather') {
      const indices = constantOf(graph, node.inputs[1] ?? '')?.numbers();
      const axis = intAttribute(node, 'axis', 0);
      return (
        (axis === 1 || axis === -2) && (indices?.every((index) => index >= 0 && index < prefix) ?? false)
      );
    }
    const range = node.opType === 'Slice' ? slicedTokens(graph, node) : undefined;
    return range !== undefined && range.end >= 0 && range.end <= prefix;
  };
  const readsPrefixOnly = (tensor: string): boolean => {
    const users = (graph.consumers.get(tensor) ?? []).filter(
      ({ opType, outputs }) => opType !== 'Shape' && outputs.some((name) => influential.has(name)),
    );
    return (
      tensor !== scores &&
      users.length > 0 &&
      users.every(
        (node) => picksPrefix(node, tensor) || (isTokenwise(node, forward) && found.has(node.outputs[0]!)),
      )
    );
  };
  for (const { outputs } of [...graph.nodes].reverse()) {
    const [tensor = ''] = outputs;
    if (forward.has(tensor) && readsPrefixOnly(tensor)) found.add(tensor);
  }
  return new Set([...found].filter((name) => tokens.has(name)));
}
