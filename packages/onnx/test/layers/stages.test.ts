import { readFileSync } from 'node:fs';
import { LayerNotFoundError } from '@hybridcam/core';
import { sharedFile, sharedFolder } from '@hybridcam/test-utils';
import * as node from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { createOnnxModel, type NodeDescription, writeModel } from '../../src/index.ts';
import { weight } from '../toy-model.ts';

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

test('a stage ends with its own module, not with the first steps of the next one at the old size', async () => {
  const conv = (name: string, from: string, w: string, stride: number, pad: number): NodeDescription => ({
    opType: 'Conv',
    name: `${name}/Conv`,
    inputs: [from, w],
    outputs: [`${name}/out`],
    attributes: { strides: [stride, stride], pads: [pad, pad, pad, pad] },
  });
  const bytes = writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: [1, 3, 32, 32] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: [1, 4] }],
      nodes: [
        conv('/stem', 'image', 'w1', 4, 1),
        conv('/layer1/conv', '/stem/out', 'w2', 1, 1),
        // A bottleneck begins with a 1×1 convolution at the old size, and some networks pad before they stride.
        conv('/layer2/conv1', '/layer1/conv/out', 'w3', 1, 0),
        { opType: 'Pad', name: '/layer2/Pad', inputs: ['/layer2/conv1/out', 'pads'], outputs: ['padded'] },
        conv('/layer2/conv2', 'padded', 'w2', 2, 0),
        { opType: 'Pad', name: '/Pad', inputs: ['/layer2/conv2/out', 'pads'], outputs: ['padded2'] },
        conv('/layer3/conv', 'padded2', 'w2', 2, 0),
        { opType: 'GlobalAveragePool', inputs: ['/layer3/conv/out'], outputs: ['pooled'] },
        { opType: 'Flatten', inputs: ['pooled'], outputs: ['logits'] },
      ],
      initializers: [
        weight('w1', [4, 3, 6, 6], 1),
        weight('w2', [4, 4, 3, 3], 2),
        weight('w3', [4, 4, 1, 1], 3),
        { name: 'pads', dims: [8], dataType: 'int64', data: [0, 0, 0, 0, 0, 0, 1, 1] },
      ],
    },
  });
  const model = await createOnnxModel(bytes, { ort: node, name: 'stages' });
  try {
    expect(model.resolveLayer('stage1').name).toBe('layer1');
    expect(model.resolveLayer('stage2').name).toBe('layer2');
    expect(model.resolveLayer('stage3').name).toBe('layer3');
  } finally {
    await model.dispose();
  }
});

test('a step of the network itself, made by no module, ends a stage as a module does', async () => {
  const file = new URL('../autodiff/fixtures/residual.opset11.onnx', import.meta.url);
  const model = await createOnnxModel(new Uint8Array(readFileSync(file)), { ort: node, name: 'residual' });
  try {
    expect(model.resolveLayer('stage1').name).toBe('/Relu_output_0');
    expect(model.resolveLayer('stage2').name).toBe(model.defaultLayer);
  } finally {
    await model.dispose();
  }
});

test.skipIf(!sharedFolder())('MobileNetV2 has all four stages (needs ../shared)', async () => {
  const file = sharedFile('models/mobilenet_v2_imagenet.onnx');
  const model = await createOnnxModel(readFileSync(file), { ort: node, name: 'mobilenet_v2' });
  try {
    const names = ['stage1', 'stage2', 'stage3', 'stage4'].map((name) => model.resolveLayer(name).name);
    expect(names).toEqual(['layers.9', 'layers.18', 'layers.39', 'layers.51']);
  } finally {
    await model.dispose();
  }
});
