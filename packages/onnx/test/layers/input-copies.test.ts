import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel, writeModel } from '../../src/index.ts';
import { weight } from '../toy-model.ts';

/** As tf2onnx writes it: channels last outside, names that begin with the model's, preprocessing inside. */
const tensorflowStyle = (height: number | string, width: number | string): Uint8Array =>
  writeModel({
    opsets: { '': 13 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: ['batch', height, width, 3] }],
      outputs: [{ name: 'scores', dataType: 'float32', shape: ['batch', 5] }],
      nodes: [
        { opType: 'Mul', name: 'model/rescale/mul', inputs: ['image', 'scale'], outputs: ['rescaled'] },
        {
          opType: 'Transpose',
          name: 'model/conv1/Conv2D__6',
          inputs: ['rescaled'],
          outputs: ['turned'],
          attributes: { perm: [0, 3, 1, 2] },
        },
        {
          opType: 'Conv',
          name: 'model/conv1/Conv2D',
          inputs: ['turned', 'w1'],
          outputs: ['conv1'],
          attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
        },
        { opType: 'Relu', name: 'model/conv1/Relu', inputs: ['conv1'], outputs: ['act1'] },
        {
          opType: 'Conv',
          name: 'model/conv2/Conv2D',
          inputs: ['act1', 'w2'],
          outputs: ['conv2'],
          attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
        },
        { opType: 'Relu', name: 'model/conv2/Relu', inputs: ['conv2'], outputs: ['act2'] },
        { opType: 'GlobalAveragePool', name: 'model/gap/Mean', inputs: ['act2'], outputs: ['mean'] },
        { opType: 'Flatten', name: 'model/gap/Mean_Squeeze', inputs: ['mean'], outputs: ['vector'] },
        { opType: 'MatMul', name: 'model/scores/MatMul', inputs: ['vector', 'w3'], outputs: ['product'] },
        { opType: 'Softmax', name: 'model/scores/Softmax', inputs: ['product'], outputs: ['scores'] },
      ],
      initializers: [
        { name: 'scale', dims: [1], dataType: 'float32', data: [1 / 127.5] },
        weight('w1', [4, 3, 3, 3], 1),
        weight('w2', [6, 4, 3, 3], 2),
        weight('w3', [6, 5], 3),
      ],
    },
  });

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
