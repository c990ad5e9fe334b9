import type { NetworkParts } from '@hybridcam/core';
import type { BackwardContext, BackwardEngine } from '../backward.ts';
import { appendToModel } from '../proto/write-onnx.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import type { AttentionSource } from './attention-source.ts';
import { type BlockChain, blockChain } from './block-chain.ts';
import { type BlockGraph, blockGraph } from './block-graph.ts';
import { noBlocks } from './no-blocks.ts';

/** Where the scores of a transformer's blocks come from. */
export interface BlockSource extends Readonly<NetworkParts['blocks']> {
  readonly attention: AttentionSource;
  /** What the forward model needs besides its own nodes, and the tensor with the scores of all blocks; where it is not blocked. */
  added(): Pick<BlockGraph, 'nodes' | 'scores'>;
  /** For backward passes from these scores to the attention tensors. */
  context(): BackwardContext;
}

export interface BlockSourceOptions {
  readonly context: BackwardContext;
  readonly engine: BackwardEngine | undefined;
  readonly input: string;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  readonly attention: AttentionSource;
}

/** Found in the graph, without running it. */
export function blockSource({ context, engine, input, shapes, attention }: BlockSourceOptions): BlockSource {
  const { graph, scores } = context;
  const { tensors } = attention;
  const chain: BlockChain =
    attention.blockedBy === undefined
      ? blockChain({ graph, shapes, input, scores, attention: tensors })
      : { blockedBy: attention.blockedBy, tokens: [], tail: [] };
  const unable = (blockedBy: string): BlockSource => noBlocks(blockedBy, attention, context);
  if (chain.blockedBy !== undefined) return unable(chain.blockedBy);
  if (engine === undefined) return unable('there is no backward engine');
  const blocks = blockGraph(graph, chain, scores);
  const onBlocks = { ...context, graph: blocks.graph, scores: blocks.scores };
  const reason = tensors
    .map((tensor) => engine.blockedBy(tensor, onBlocks))
    .find((found) => found !== undefined);
  if (reason !== undefined) return unable(reason);
  return {
    blockedBy: undefined,
    attention,
    added: () => blocks,
    context: () => ({
      ...onBlocks,
      sessionBytes: appendToModel(context.sessionBytes, { nodes: blocks.nodes }),
    }),
  };
}
