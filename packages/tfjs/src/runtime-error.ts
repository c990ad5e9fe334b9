import { CamError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { errorSentence } from './error-sentence.ts';

/** What TensorFlow.js threw, as an error of ours that says where and on which backend; errors of ours pass as they are. */
export function runtimeError(where: string, error: unknown): CamError {
  if (error instanceof CamError) return error;
  return new CamError(
    'RUNTIME',
    `${where}: TensorFlow.js failed on backend ${tf.getBackend()}: ${errorSentence(error)}`,
    { cause: error },
  );
}
