import { performance } from 'node:perf_hooks';
import { type Model, view } from '@hybridcam/core';

/** Sizes tried; beyond these a batch outgrows the caches of the processors we measured. */
const SIZES = [1, 2, 4, 8, 16] as const;
/** Images per size and round. */
const IMAGES = 16;
const ROUNDS = 3;
/** A larger batch must gain this much: it costs memory. */
const WORTHWHILE = 1.03;
/** Where the model leaves its size open. */
const USUAL_SIDE = 224;

/**
 * The images per forward pass at which a model is fastest here, by a short interleaved measurement; the smallest size that is within 3 %
 * of the best. A model of a fixed batch has no choice.
 * @param now clock in milliseconds
 */
export async function chooseBatchSize(
  model: Model,
  options: { readonly signal?: AbortSignal; readonly now?: () => number } = {},
): Promise<number> {
  const { channels, height = USUAL_SIDE, width = USUAL_SIDE, batch } = model.input;
  if (batch !== undefined) return batch;
  const now = options.now ?? (() => performance.now());
  const best = new Map<number, number>(SIZES.map((size) => [size, Number.POSITIVE_INFINITY]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const size of SIZES) {
      const input = view(new Float32Array(size * channels * height * width), [size, channels, height, width]);
      const started = now();
      for (let done = 0; done < IMAGES; done += size) {
        const pass = await model.forward(input, { signal: options.signal });
        pass.dispose();
      }
      // The first round warms up.
      if (round > 0) best.set(size, Math.min(best.get(size)!, now() - started));
    }
  }
  const fastest = Math.min(...best.values());
  return SIZES.find((size) => best.get(size)! <= fastest * WORTHWHILE)!;
}
