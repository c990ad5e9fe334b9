import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** The backends that run in plain Node. */
export const nodeBackends = ['cpu', 'wasm'] as const;

export async function useBackend(name: (typeof nodeBackends)[number]): Promise<void> {
  await tf.setBackend(name);
  await tf.ready();
  if (tf.getBackend() !== name)
    throw new Error(`useBackend: expected ${name}; TensorFlow.js chose ${tf.getBackend()}.`);
}
