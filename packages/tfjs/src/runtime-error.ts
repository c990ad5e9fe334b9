import { CamError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';

/** What TensorFlow.js threw, as an error of ours that says where and on which backend; errors of ours pass as they are. */
export function runtimeError(where: string, error: unknown): CamError {
  if (error instanceof CamError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CamError('RUNTIME', `${where}: TensorFlow.js failed on backend ${tf.getBackend()}: ${message}`, {
    cause: error,
  });
}
