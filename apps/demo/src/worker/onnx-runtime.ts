import { CamError, type Model } from '@hybridcam/core';
import { createOnnxModel, type OnnxModelOptions, writeModel } from '@hybridcam/onnx';
import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { RuntimeWish } from '../protocol.ts';
import type { Running } from './opened.ts';
import { whyNoWebGpu } from './why-no-web-gpu.ts';

type Ort = typeof import('onnxruntime-web/wasm');
type Provider = 'wasm' | 'webgpu';

interface Loaded {
  readonly ort: Ort;
  readonly threads: number;
}

const known = new Map<Provider, Promise<Loaded>>();

/** An ONNX model on ONNX Runtime Web: on the wished provider, else on wasm with the reason. */
export async function runOnnx(
  bytes: Uint8Array,
  wish: RuntimeWish,
  options: Omit<OnnxModelOptions, 'ort' | 'sessionOptions'>,
  providers: readonly RuntimeWish[],
): Promise<{ model: Model; running: Running }> {
  const fallback = wish === 'onnx-webgpu' ? await whyNoWebGpu() : undefined;
  const provider: Provider = wish === 'onnx-webgpu' && fallback === undefined ? 'webgpu' : 'wasm';
  const { ort, threads } = await load(provider);
  const model = await createOnnxModel(bytes, {
    ...options,
    ort,
    sessionOptions: { executionProviders: [provider] },
  });
  const { runtime } = model.identity;
  return { model, running: { runtime, provider: `onnx-${provider}`, providers, threads, fallback } };
}

/** Starts the small runtime beside whatever else a model needs; what goes wrong is told by `runOnnx`. */
export function startOnnx(wish: RuntimeWish): void {
  if (wish === 'onnx-wasm') load('wasm').catch(() => undefined);
}

/** Once each; WebGPU's 27 MB only when asked for. A load that failed is tried again. */
function load(provider: Provider): Promise<Loaded> {
  const loading = known.get(provider) ?? (provider === 'webgpu' ? loadWebGpu() : loadWasm()).catch(refuse);
  known.set(provider, loading);
  loading.catch(() => known.delete(provider));
  return loading;
}

/** ONNX Runtime's own words are for who knows it: they go to the console. */
function refuse(error: unknown): never {
  console.warn(error);
  throw new CamError(
    'RUNTIME',
    'ONNX Runtime did not start: its files could not be loaded, or this browser cannot run them. The connection may be cut, or something may block them.',
    { cause: error },
  );
}

async function loadWasm(): Promise<Loaded> {
  const ort = await import('onnxruntime-web/wasm');
  const threads = configure(ort, wasmModule, wasmBinary);
  // It fetches its binary with the first session. One of a single node starts that before there is a model.
  const session = await ort.InferenceSession.create(identityModel(), { executionProviders: ['wasm'] });
  await session.release();
  return { ort, threads };
}

function identityModel(): Uint8Array {
  const tensor = (name: string) => ({ name, dataType: 'float32' as const, shape: [1] });
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [tensor('x')],
      outputs: [tensor('y')],
      nodes: [{ opType: 'Identity', inputs: ['x'], outputs: ['y'] }],
      initializers: [],
    },
  });
}

async function loadWebGpu(): Promise<Loaded> {
  const [ort, { default: module }, { default: binary }] = await Promise.all([
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
  ]);
  return { ort: ort as unknown as Ort, threads: configure(ort as unknown as Ort, module, binary) };
}

function configure({ env }: Ort, module: string, binary: string): number {
  env.wasm.wasmPaths = {
    mjs: new URL(module, self.location.href).href,
    wasm: new URL(binary, self.location.href).href,
  };
  // Threads need shared memory, which a page has only when it is cross-origin isolated.
  const threads = self.crossOriginIsolated ? Math.min(4, Math.max(1, navigator.hardwareConcurrency ?? 1)) : 1;
  env.wasm.numThreads = threads;
  env.logLevel = 'error';
  return threads;
}
