import { UnsupportedError } from '@hybridcam/core';
import type { BackwardContext, BackwardEngine, BackwardPass, BackwardRequest } from '../backward.ts';
import { orRuntimeError } from './runtime-error.ts';

/** Backward passes by layers and input size: preparing one costs a probe and a session. */
export interface BackwardPasses {
  get(request: BackwardRequest): Promise<BackwardPass>;
  release(): Promise<void>;
}

/** Each keeps a session with the weights behind its layers. */
const MAX_PASSES = 4;

export function createBackwardPasses(
  engine: BackwardEngine | undefined,
  context: BackwardContext,
): BackwardPasses {
  const passes = new Map<string, BackwardPass>();
  return {
    get: async (request) => {
      const key = JSON.stringify([request.layers, request.inputShape]);
      let pass = passes.get(key);
      if (!pass) {
        if (!engine) throw new UnsupportedError('gradients: there is no backward engine.');
        pass = await orRuntimeError('gradients', () => engine.prepare(request, context));
      }
      // Most recently used last.
      passes.delete(key);
      passes.set(key, pass);
      for (const [oldest, unused] of passes) {
        if (passes.size <= MAX_PASSES) break;
        passes.delete(oldest);
        await unused.dispose();
      }
      return pass;
    },
    release: async () => {
      for (const pass of passes.values()) await pass.dispose();
      passes.clear();
    },
  };
}
