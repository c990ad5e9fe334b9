import type * as tf from '@tensorflow/tfjs-core';
import { runtimeError } from './runtime-error.ts';

/**
 * A tensor's values; they may be the backend's own memory.
 * @throws CamError of code RUNTIME where the backend cannot give them: a GPU that was lost or has no memory left
 */
export async function readValues(where: string, tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } catch (error) {
    throw runtimeError(where, error);
  }
}
