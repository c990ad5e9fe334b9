import { logit, type MethodName, type Model, planRequest, UnsupportedError } from '@hybridcam/core';
import { methodFacts, methodNames } from '../facts/method-facts.ts';
import type { ModelFacts } from '../protocol.ts';

/** Why methods that look at the whole network cannot run on this one, by method; what a layer lacks shows with the layer. */
export function refusedMethods(model: Model): ModelFacts['refused'] {
  const refused: Partial<Record<MethodName, string>> = {};
  for (const method of methodNames) {
    if (methodFacts[method].layers !== 0) continue;
    try {
      planRequest(model, { method, target: logit(0) });
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      refused[method] = error.message;
    }
  }
  return refused;
}
