import { CamError } from '@hybridcam/core';

/** Where TensorFlow.js computes. `wasm` and `cpu` are JavaScript packages, `node` is tfjs-node with its native library. */
export type TfjsDevice = (typeof tfjsDevices)[number];
export const tfjsDevices = ['wasm', 'cpu', 'node'] as const;

/**
 * Makes the device TensorFlow.js's active backend. TensorFlow.js is an optional peer, so it is imported only now.
 * @throws CamError `RUNTIME` naming the packages to install; what `startTfjsNode` throws
 */
export async function startTfjsDevice(device: TfjsDevice): Promise<void> {
  const backend = device === 'node' ? undefined : `@tensorflow/tfjs-backend-${device}`;
  try {
    const tf = await import('@tensorflow/tfjs-core');
    const { startTfjsNode } = await import('@hybridcam/tfjs/node');
    if (backend === undefined) return await startTfjsNode();
    await import(backend);
    if (!(await tf.setBackend(device))) throw new Error(`its backend "${device}" does not start`);
    if (device === 'cpu') greet(tf);
  } catch (cause) {
    throw cause instanceof CamError ? cause : missingTfjs(backend, cause);
  }
}

/** Its first tensor makes the cpu backend print an advertisement for tfjs-node, which was not asked for. */
function greet(tf: typeof import('@tensorflow/tfjs-core')): void {
  const quiet = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  tf.scalar(0).dispose();
  tf.env().set('PROD', quiet);
}

function missingTfjs(backend: string | undefined, cause: unknown): CamError {
  const packages = ['tfjs-core', 'tfjs-layers', 'tfjs-converter'].map((name) => `@tensorflow/${name}`);
  if (backend !== undefined) packages.push(backend);
  const expected = backend === undefined ? 'TensorFlow.js' : `TensorFlow.js with ${backend}`;
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new CamError(
    'RUNTIME',
    `loadModel: expected ${expected}; it does not load (${reason}). Install: npm install ${packages.join(' ')}`,
    { cause },
  );
}
