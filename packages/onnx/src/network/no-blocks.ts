import type { BackwardContext } from '../backward.ts';
import type { AttentionSource } from './attention-source.ts';
import type { BlockSource } from './block-source.ts';

/** What stands for a network whose blocks have no scores of their own. */
export function noBlocks(
  blockedBy: string,
  attention: AttentionSource,
  context: BackwardContext,
): BlockSource {
  return {
    blockedBy,
    attention,
    added: () => ({ nodes: [], scores: context.scores }),
    context: () => context,
  };
}
