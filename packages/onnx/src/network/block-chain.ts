import { describeNode } from '../autodiff/path.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';

/** A transformer as blocks one behind the other, each with one attention. */
export interface BlockChain {
  /** Why it is none: a clause that names what is missing. */
  readonly blockedBy: string | undefined;
  /** Of each block the tensor of tokens that it gives to the next; of the last, to the norm and head. Empty for a single block. */
  readonly tokens: readonly string[];
  /** What lies behind the last block, in forward order; empty for a single block. */
  readonly tail: readonly OnnxNode[];
}

export interface BlockChainOptions {
  readonly graph: GraphIndex;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  readonly input: string;
  readonly scores: string;
  /** The attention matrices, in forward order. */
  readonly attention: readonly string[];
}

/**
 * Found in the graph: the tokens behind a block are the sum of a residual connection through which all that its attention tells the scores goes,
 * the last such in front of the next block's attention.
 */
export function blockChain(options: BlockChainOptions): BlockChain {
  const { graph, shapes, input, scores, attention } = options;
  const blocked = (blockedBy: string): BlockChain => ({ blockedBy, tokens: [], tail: [] });
  if (shapes.get(scores)?.dims?.length !== 2) {
    return blocked('its scores are not [batch, classes], which each block would have to give');
  }
  if (attention.length === 1) return { blockedBy: undefined, tokens: [], tail: [] };
  const moving = forwardReachable(graph, [input]);
  const tokens: string[] = [];
  for (const [block, next] of attention.slice(1).entries()) {
    const own = attention[block]!;
    const found = lastGate(graph, own, scores, backwardReachable(graph, [next]));
    if (found === undefined) {
      return blocked(
        `attention "${next}" does not follow from "${own}", so the network is no chain of blocks`,
      );
    }
    if (!isResidual(graph, moving, found)) {
      return blocked(
        `all that attention "${own}" tells the next one and the scores meets last in ${describeNode(graph.producer.get(found)!)}, not in the sum of a residual ` +
          'connection: norms lie behind the sums (post-norm), or there is a way around them, so the head cannot be put behind each block',
      );
    }
    tokens.push(found);
  }
  const dims = shapes.get(tokens.at(-1)!)?.dims;
  const last = lastGate(graph, attention.at(-1)!, scores, backwardReachable(graph, [scores]), (tensor) => {
    const own = shapes.get(tensor)?.dims;
    const alike = own?.length === dims?.length && own?.every((extent, axis) => extent === dims?.[axis]);
    return alike === true && isResidual(graph, moving, tensor);
  });
  if (last === undefined) {
    return blocked(
      `behind attention "${attention.at(-1)}" no sum of a residual connection has the shape of the tokens of the blocks before, so the end of the last block is unknown`,
    );
  }
  tokens.push(last);
  const behind = forwardReachable(graph, [last]);
  const before = backwardReachable(graph, [scores]);
  const tail = graph.nodes.filter(({ outputs }) =>
    outputs.some((name) => name !== last && behind.has(name) && before.has(name)),
  );
  for (const node of tail) {
    const around = [...node.inputs, ...node.captured].find((name) => moving.has(name) && !behind.has(name));
    if (around !== undefined) {
      return blocked(
        `${describeNode(node)} behind the last block reads "${around}" too, so the tokens of a block do not make the scores alone`,
      );
    }
    if (node.captured.some((name) => behind.has(name))) {
      return blocked(
        `${describeNode(node)} behind the last block has a graph of its own, which cannot be put behind each block`,
      );
    }
  }
  return { blockedBy: undefined, tokens, tail };
}

/** The last tensor among `before` through which every way from `start` to the scores goes. */
function lastGate(
  graph: GraphIndex,
  start: string,
  scores: string,
  before: ReadonlySet<string>,
  suits: (tensor: string) => boolean = () => true,
): string | undefined {
  const behind = forwardReachable(graph, [start]);
  const all = graph.nodes.flatMap(({ outputs }) => outputs.slice(0, 1));
  return all.findLast(
    (tensor) =>
      tensor !== start &&
      behind.has(tensor) &&
      before.has(tensor) &&
      suits(tensor) &&
      !forwardReachable(graph, [start], tensor).has(scores),
  );
}

/** Whether a tensor is a sum of two that both depend on the image. */
function isResidual(graph: GraphIndex, moving: ReadonlySet<string>, tensor: string): boolean {
  const node = graph.producer.get(tensor);
  if (node === undefined || node.domain !== '') return false;
  if (COPIES.has(node.opType)) return isResidual(graph, moving, node.inputs[0] ?? '');
  return node.opType === 'Add' && node.inputs.every((name) => moving.has(name));
}

const COPIES = new Set(['Cast', 'Dropout', 'Identity']);
