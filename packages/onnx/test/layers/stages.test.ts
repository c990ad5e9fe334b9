import { readFileSync } from 'node:fs';
import { LayerNotFoundError } from '@hybridcam/core';
import * as node from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { createOnnxModel } from '../../src/index.ts';

test('stage1 is the last map of 4 pixels per cell; a stage the network lacks is no layer', async () => {
  const file = new URL('../autodiff/fixtures/shuffle.opset13.onnx', import.meta.url);
  const model = await createOnnxModel(new Uint8Array(readFileSync(file)), { ort: node, name: 'shuffle' });
  try {
    expect(model.resolveLayer('stage1')).toMatchObject({ name: 'tail.2', stride: 4, shape: [10, 6, 6] });
    expect(() => model.resolveLayer('stage3')).toThrow(LayerNotFoundError);
    // Steps of a channel split are no layers of their own, but can be named by their tensors.
    expect(model.layers.map(({ name }) => name)).not.toContain('/Slice_output_0');
    expect(model.resolveLayer('/Slice_output_0').shape).toEqual([4, 12, 12]);
  } finally {
    await model.dispose();
  }
});
