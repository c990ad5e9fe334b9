import { throwIfAborted } from '@hybridcam/core';
import { createOnnxModel, type PlanStore, type TokenOption } from '@hybridcam/onnx';
import type { NamedModelOptions } from './named-model.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';
import { onnxSource } from './onnx-source.ts';
import type { OpenedModel } from './opened-model.ts';

export interface OpenOnnxOptions extends NamedModelOptions {
  readonly name: string | undefined;
  readonly externalData: ReadonlyMap<string, Uint8Array> | undefined;
  readonly output: string | undefined;
  readonly tokens: TokenOption | undefined;
  readonly plans: PlanStore | undefined;
}

/** A model on ONNX Runtime. @throws what `onnxSource` and `createOnnxModel` throw */
export async function openOnnxModel(
  source: string | URL | Uint8Array,
  { name, externalData, output, tokens, plans, ...options }: OpenOnnxOptions,
): Promise<OpenedModel> {
  const found = await onnxSource(source, options);
  const ort = await loadOnnxRuntime();
  throwIfAborted(options.signal, 'loadModel');
  const model = await createOnnxModel(found.bytes, {
    ort,
    name: name ?? found.name,
    externalData: externalData ?? found.externalData,
    output,
    tokens,
    plans,
    signal: options.signal,
  });
  const { labels, preprocessing, weights } = found.known ?? {};
  return { model, labels, preprocessing, weights };
}
