import { readFileSync } from 'node:fs';
import type { Model } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { createOnnxModel, type TokenOption } from '../../src/index.ts';

/** Opens a model from its bytes or its file for `use`, and closes it. */
export async function withModel<T>(
  source: Uint8Array | string,
  use: (model: Model) => Promise<T>,
  tokens?: TokenOption,
): Promise<T> {
  const bytes = typeof source === 'string' ? readFileSync(source) : source;
  const model = await createOnnxModel(bytes, { ort, name: 'model.onnx', tokens });
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}
