import { tfjsNodeFolder } from '@hybridcam/test-utils';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { startTfjsNode } from '../src/node.ts';

export type NodeBackend = 'cpu' | 'wasm' | 'tensorflow';

/** Whether tooling/tfjs-node/build.mjs has been run here. */
export const hasTfjsNode: boolean = tfjsNodeFolder() !== undefined;

/** The backends that run in Node; tfjs-node among them where it has been built. */
export const nodeBackends: readonly NodeBackend[] = hasTfjsNode
  ? ['cpu', 'wasm', 'tensorflow']
  : ['cpu', 'wasm'];

export async function useBackend(name: NodeBackend): Promise<void> {
  if (name === 'tensorflow') await startTfjsNode(tfjsNodeFolder());
  else await tf.setBackend(name);
  await tf.ready();
  if (tf.getBackend() !== name)
    throw new Error(`useBackend: expected ${name}; TensorFlow.js chose ${tf.getBackend()}.`);
}
