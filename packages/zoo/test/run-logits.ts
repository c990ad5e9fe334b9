import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import ort from 'onnxruntime-node';

const SHAPE = [1, 3, 224, 224] as const;

/** Logits of ONNX bytes for an input [1, 3, 224, 224], by ONNX Runtime. */
export async function onnxLogits(bytes: Uint8Array, input: Float32Array): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  try {
    const result = await session.run({ input: new ort.Tensor('float32', input, SHAPE) });
    return Float32Array.from(result['logits']!.data as Float32Array);
  } finally {
    await session.release();
  }
}

export async function useBackend(name: 'cpu' | 'wasm'): Promise<void> {
  await tf.setBackend(name);
  await tf.ready();
  if (tf.getBackend() !== name) throw new Error(`useBackend: expected ${name}; got ${tf.getBackend()}.`);
}

/** Logits of a LayersModel for an input [1, 3, 224, 224], on the active backend. */
export async function tfjsLogits(model: LayersModel, input: Float32Array): Promise<Float32Array> {
  const logits = tf.tidy(
    () => model.predict(tf.transpose(tf.tensor4d(input, [...SHAPE]), [0, 2, 3, 1])) as tf.Tensor,
  );
  try {
    return Float32Array.from(await logits.data());
  } finally {
    logits.dispose();
  }
}
