import type { Model } from '@hybridcam/core';
import { pause } from './pause.ts';

/** The same model, which reads the worker's messages between passes, so that many of them can be cancelled. */
export function withPauses(model: Model): Model {
  return {
    ...model,
    async forward(input, options) {
      await pause();
      return model.forward(input, options);
    },
  };
}
