import type { ResolvedMethod } from './method-call.ts';
import { plainMethods } from './plain-methods.ts';

/** What the cross-layer hybrid is made of, in the order of its layers. */
export const hybridParts = (['grad-cam', 'layer-cam'] as const).map((name) => ({
  name,
  variant: 'paper',
  facts: plainMethods[name],
})) as readonly Pick<ResolvedMethod, 'name' | 'variant' | 'facts'>[];
