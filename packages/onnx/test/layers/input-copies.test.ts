import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel } from '../../src/index.ts';
import { tensorflowStyle } from '../graph-styles.ts';

describe('layers of a graph in the style of tf2onnx', () => {
  test('are called like the modules, without the name of the whole model', async () => {
    const model = await createOnnxModel(tensorflowStyle(16, 16), { ort, name: 'keras' });
    expect(model.layers.map(({ name, shape }) => [name, shape])).toEqual([
      ['model/conv1', [4, 8, 8]],
      ['model/conv2', [6, 4, 4]],
    ]);
    expect(model.resolveLayer('model').name).toBe('model/conv2');
    await model.dispose();
  });

  test('do not hold the picture, rescaled or turned', async () => {
    const model = await createOnnxModel(tensorflowStyle(16, 16), { ort, name: 'keras' });
    for (const name of ['rescaled', 'turned']) {
      expect(() => model.resolveLayer(name)).toThrow(
        `target layer "${name}" not found: it is still the picture`,
      );
    }
    await model.dispose();
  });

  test('do not hold the pooled vector where the size is open', async () => {
    const model = await createOnnxModel(tensorflowStyle('h', 'w'), { ort, name: 'keras' });
    expect(model.layers.map(({ name, shape }) => [name, shape])).toEqual([
      ['model/conv1', undefined],
      ['model/conv2', undefined],
    ]);
    await model.dispose();
  });
});
