import type { loadTfjsModelParts } from '@hybridcam/tfjs';

let loading: Promise<{ readonly loadTfjsModelParts: typeof loadTfjsModelParts }> | undefined;

/** TensorFlow.js on its wasm backend, loaded only for who brings such a model. */
export function tfjsRuntime(): Promise<{ readonly loadTfjsModelParts: typeof loadTfjsModelParts }> {
  loading ??= load();
  return loading;
}

async function load(): Promise<{ readonly loadTfjsModelParts: typeof loadTfjsModelParts }> {
  const [tf, wasm, adapter, { default: simd }, { default: threaded }, { default: plain }] = await Promise.all(
    [
      import('@tensorflow/tfjs-core'),
      import('@tensorflow/tfjs-backend-wasm'),
      import('@hybridcam/tfjs'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    ],
  );
  const absolute = (file: string) => new URL(file, self.location.href).href;
  wasm.setWasmPaths({
    'tfjs-backend-wasm.wasm': absolute(plain),
    'tfjs-backend-wasm-simd.wasm': absolute(simd),
    // It insists on a path for each of the three, though this one is never fetched.
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
  });
  // Its threads start from blob: addresses, which the page's policy does not allow.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js could not start its wasm backend.');
  return adapter;
}
