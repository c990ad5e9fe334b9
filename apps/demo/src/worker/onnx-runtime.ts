import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { RuntimeWish } from '../protocol.ts';

type Ort = typeof import('onnxruntime-web/wasm');

export interface OnnxRuntime {
  readonly ort: Ort;
  readonly provider: RuntimeWish;
  readonly threads: number;
  /** Why it is not the wished one. */
  readonly fallback: string | undefined;
}

const known = new Map<RuntimeWish, Promise<OnnxRuntime>>();

/** ONNX Runtime Web on the wished provider, else on wasm with the reason. Loaded once; WebGPU's 27 MB only when asked for. */
export async function onnxRuntime(wish: RuntimeWish): Promise<OnnxRuntime> {
  const reason = wish === 'webgpu' ? await whyNoWebGpu() : undefined;
  const provider = reason === undefined ? wish : 'wasm';
  const loading = known.get(provider) ?? (provider === 'webgpu' ? loadWebGpu() : loadWasm());
  known.set(provider, loading);
  return { ...(await loading), fallback: reason };
}

async function loadWasm(): Promise<OnnxRuntime> {
  const ort = await import('onnxruntime-web/wasm');
  const threads = configure(ort, wasmModule, wasmBinary);
  return { ort, provider: 'wasm', threads, fallback: undefined };
}

async function loadWebGpu(): Promise<OnnxRuntime> {
  const [ort, { default: module }, { default: binary }] = await Promise.all([
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
  ]);
  const threads = configure(ort as unknown as Ort, module, binary);
  return { ort: ort as unknown as Ort, provider: 'webgpu', threads, fallback: undefined };
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

async function whyNoWebGpu(): Promise<string | undefined> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
  if (!gpu) return 'this browser has no WebGPU';
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter ? undefined : 'WebGPU finds no graphics adapter here';
}
