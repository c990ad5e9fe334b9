import type { ResolvedMethod } from '../methods/method-call.ts';
import type { NetworkPart } from '../model.ts';

/** What a method needs of the whole network instead of a layer. */
export function networkPartOf({ needs }: ResolvedMethod['facts']): NetworkPart | undefined {
  return needs === 'shares' || needs === 'attention' || needs === 'blocks' ? needs : undefined;
}
