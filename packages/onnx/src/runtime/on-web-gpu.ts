import type { OrtSessionOptions } from '../ort.ts';

/** Whether sessions of these options may run on WebGPU. */
export function onWebGpu(sessionOptions: OrtSessionOptions | undefined): boolean {
  return (sessionOptions?.executionProviders ?? []).some(
    (provider) => (typeof provider === 'string' ? provider : provider.name) === 'webgpu',
  );
}
