import type { Model } from '@hybridcam/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RuntimeWish } from '../protocol.ts';
import type { Running } from './opened.ts';
import { whyNoWebGpu } from './why-no-web-gpu.ts';

type Backend = 'wasm' | 'webgl' | 'webgpu';
type Adapter = typeof import('@hybridcam/tfjs');

/** Where a wished backend is not to be had: the next one, and in the end the one that runs everywhere. */
const fallbacks: Readonly<Record<Backend, readonly Backend[]>> = {
  webgpu: ['webgl', 'wasm'],
  webgl: ['wasm'],
  wasm: [],
};

export const tfjsProviders: readonly RuntimeWish[] = ['tfjs-wasm', 'tfjs-webgl', 'tfjs-webgpu'];

/**
 * A model on TensorFlow.js: on the wished backend, else on the next best with the reasons.
 * @param open makes the model once the backend is chosen
 */
export async function runTfjs(
  wish: RuntimeWish,
  open: (adapter: Adapter) => Promise<Model>,
  providers: readonly RuntimeWish[],
): Promise<{ model: Model; running: Running }> {
  const tf = await import('@tensorflow/tfjs-core');
  const adapter = await import('@hybridcam/tfjs');
  const wished = wish.replace(/^\w+-/, '') as Backend;
  const reasons: string[] = [];
  for (const backend of [wished, ...fallbacks[wished]]) {
    const reason = (await whyNot(backend)) ?? (await whyNotStarted(tf, backend));
    if (reason !== undefined) {
      reasons.push(reason);
      continue;
    }
    const model = await open(adapter);
    const { runtime } = model.identity;
    const fallback = reasons.length > 0 ? reasons.join('; ') : undefined;
    return { model, running: { runtime, provider: `tfjs-${backend}`, providers, threads: 1, fallback } };
  }
  throw new Error(`TensorFlow.js could not start: ${reasons.join('; ')}.`);
}

/** A Keras-like model that is ours: `build` makes it, and it goes with the returned one. */
export async function ownTfjsModel(
  { createTfjsModel }: Adapter,
  source: LayersModel,
  options: Parameters<Adapter['createTfjsModel']>[1],
): Promise<Model> {
  const model = await createTfjsModel(source, options);
  return {
    ...model,
    async dispose() {
      await model.dispose();
      source.dispose();
    },
  };
}

async function whyNot(backend: Backend): Promise<string | undefined> {
  if (backend === 'webgpu') return whyNoWebGpu();
  if (backend === 'webgl' && !new OffscreenCanvas(1, 1).getContext('webgl2'))
    return 'this browser gives no WebGL 2';
  return undefined;
}

async function whyNotStarted(
  tf: typeof import('@tensorflow/tfjs-core'),
  backend: Backend,
): Promise<string | undefined> {
  try {
    await register[backend]();
    if (await tf.setBackend(backend)) return undefined;
  } catch {
    // The sentence below says it: what the backend throws is for its own makers.
  }
  return `TensorFlow.js could not start its ${backend} backend`;
}

/** Each backend is a download of its own, made when it is first wished for. */
const register: Readonly<Record<Backend, () => Promise<unknown>>> = {
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
  async wasm() {
    const [tf, { setWasmPaths }, { default: simd }, { default: threaded }, { default: plain }] =
      await Promise.all([
        import('@tensorflow/tfjs-core'),
        import('@tensorflow/tfjs-backend-wasm'),
        import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
        import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
        import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
      ]);
    const absolute = (file: string) => new URL(file, self.location.href).href;
    setWasmPaths({
      'tfjs-backend-wasm.wasm': absolute(plain),
      'tfjs-backend-wasm-simd.wasm': absolute(simd),
      // It insists on a path for each of the three, though this one is never fetched.
      'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
    });
    // Its threads start from blob: addresses, which the page's policy does not allow.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  },
};
