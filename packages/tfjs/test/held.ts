import * as tf from '@tensorflow/tfjs-core';

/** What TensorFlow.js holds at the moment; equal texts before and after mean that nothing is left behind. */
export function held(): string {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return `${numTensors} tensors, ${numDataBuffers} buffers, ${numBytes} bytes`;
}
