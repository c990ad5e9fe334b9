import type { Model } from '@hybridcam/core';
import type { Network, Parameters } from '@hybridcam/zoo';
import { writeNetwork } from '@hybridcam/zoo/onnx';
import type { RuntimeWish } from '../protocol.ts';
import { runOnnx } from './onnx-runtime.ts';
import type { Running } from './opened.ts';
import { ownTfjsModel, runTfjs, tfjsProviders } from './tfjs-runtime.ts';

const providers: readonly RuntimeWish[] = ['onnx-wasm', 'onnx-webgpu', ...tfjsProviders];

/** A network of which we have architecture and parameters, so that either library can run it. */
export function openNetwork(
  network: Network,
  parameters: Parameters,
  wish: RuntimeWish,
  options: { readonly name: string; readonly labels: readonly string[]; readonly sha256?: string },
): Promise<{ model: Model; running: Running }> {
  if (wish.startsWith('onnx-')) return runOnnx(writeNetwork(network, parameters), wish, options, providers);
  return runTfjs(
    wish,
    async (adapter) => {
      const { layersModel } = await import('@hybridcam/zoo/tfjs');
      return ownTfjsModel(adapter, layersModel(network, parameters), options);
    },
    providers,
  );
}
