import { fileURLToPath } from 'node:url';
import { explain, pack, UnsupportedError, view } from '@hybridcam/core';
import { expectClose, readSafetensors } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel, type NodeDescription, writeModel } from '../../src/index.ts';
import { weight } from '../toy-model.ts';
import { withModel } from './with-model.ts';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const tinyNetworks = fileURLToPath(new URL('../autodiff/fixtures', import.meta.url));
const method = 'attention-rollout';

describe('attention-rollout against PyTorch', () => {
  // Made by tooling/reference/onnx-network/transformer.py, which keeps its own attention in float64.
  const files = ['class_token', 'mean_token'].flatMap((name) =>
    ['opset17', 'dynamo'].map((exporter) => [name, exporter] as const),
  );
  test.each(files)('%s by the exporter %s: the raw map', async (name, exporter) => {
    const expected = readSafetensors(`${fixtures}/${name}.safetensors`);
    const { data, shape } = expected.get('input')!;
    const rollout = expected.get(method)!;
    await withModel(`${fixtures}/${name}.${exporter}.onnx`, async (model) => {
      expect(model.network!.attention.blockedBy).toBeUndefined();
      const { cam, saliencyMap, record, scores } = await explain(model, view(data, shape), {
        method,
        normalize: 'none',
      });
      expectClose(scores.logits!, view(expected.get('logits')!.data, [5]), { absolute: 2e-6 });
      expectClose(cam, view(rollout.data, rollout.shape), { absolute: 1e-6 });
      expect([cam.shape, saliencyMap.shape, record.targetLayers]).toEqual([[3, 3], [24, 24], []]);
    });
  });

  test('a pass hands out the matrices of each image: rows sum to 1, images apart', async () => {
    const { data } = readSafetensors(`${fixtures}/class_token.safetensors`).get('input')!;
    const two = view(Float32Array.from([...data, ...data.map((x) => -x)]), [2, 3, 24, 24]);
    await withModel(`${fixtures}/class_token.dynamo.onnx`, async (model) => {
      const pass = await model.forward(two, { network: ['attention'] });
      const { layers, grid, prefix, query } = await pass.attention!();
      expect([layers.length, grid, prefix, query]).toEqual([3, [3, 3], 1, 0]);
      for (const layer of layers) {
        expect(layer.shape).toEqual([2, 3, 10, 10]);
        const values = pack(layer);
        const sums = Array.from({ length: 60 }, (_, row) =>
          values.subarray(row * 10, (row + 1) * 10).reduce((a, b) => a + b, 0),
        );
        expectClose(sums, Array(60).fill(1), { absolute: 1e-5 });
      }
      const alone = await model.forward(view(data.slice(), [1, 3, 24, 24]), { network: ['attention'] });
      const own = (await alone.attention!()).layers.map(pack);
      layers.forEach((layer, i) => {
        expectClose(pack(layer).subarray(0, 300), own[i]!, { absolute: 1e-5 });
      });
      pass.dispose();
      await expect(pass.attention!()).rejects.toThrow(/was disposed/);
      alone.dispose();
    });
  });
});

describe('attention-rollout where it cannot be had', () => {
  const image = view(new Float32Array(3 * 24 * 24).fill(0.5), [1, 3, 24, 24]);

  test('a convolutional network is refused, and so is attention within windows', async () => {
    await withModel(`${fixtures}/residual.onnx`, async (model) => {
      await expect(explain(model, image, { method })).rejects.toThrow(UnsupportedError);
      await expect(explain(model, image, { method })).rejects.toThrow(
        /as in a vision transformer\. Use grad-cam/,
      );
      await expect(model.forward(image, { network: ['attention'] })).rejects.toThrow(UnsupportedError);
      const pass = await model.forward(image);
      await expect(pass.attention!()).rejects.toThrow(/Name it in the option "network"/);
      pass.dispose();
    });
    for (const file of ['windows.opset16.onnx', 'windows.dynamo.onnx']) {
      await withModel(`${tinyNetworks}/${file}`, async (model) => {
        expect(model.network!.attention.blockedBy).toMatch(/tokens, and no map of places has as many/);
      });
    }
  });

  test.each([
    ['windows beside the heads', [1]],
    ['windows and heads along one axis', []],
  ])('%s, though the last window is the whole map', async (_, heads) => {
    const model = await createOnnxModel(windowed(heads), { ort, name: 'model.onnx' });
    expect(model.network!.attention.blockedBy).toMatch(/of windows of the map/);
    await expect(explain(model, windowImage, { method })).rejects.toThrow(/of windows.*Use grad-cam/);
    await model.dispose();
  });

  test('windows are no tokens of the image, whatever the option says', async () => {
    for (const file of ['windows.opset16.onnx', 'windows.dynamo.onnx']) {
      await withModel(
        `${tinyNetworks}/${file}`,
        async (model) => expect(model.network!.attention.blockedBy).toMatch(/no map of places/),
        { grid: [4, 4], prefix: 0 },
      );
    }
  });

  test('a target layer is refused', async () => {
    await withModel(`${fixtures}/class_token.opset17.onnx`, async (model) => {
      const asked = explain(model, image, { method, targetLayer: model.defaultLayer });
      await expect(asked).rejects.toThrow(/which looks at the whole network/);
    });
  });
});

const windowImage = view(
  Float32Array.from({ length: 108 }, (_, i) => Math.sin(i)),
  [1, 3, 6, 6],
);

/** Swin in small: attention in four windows of 3×3, then, half the size, in one that is the map. */
function windowed(heads: readonly number[]): Uint8Array {
  const attention = (x: string, y: string): NodeDescription[] => [
    {
      opType: 'Transpose',
      inputs: [x],
      outputs: [`${x}T`],
      attributes: { perm: heads.length > 0 ? [0, 1, 3, 2] : [0, 2, 1] },
    },
    { opType: 'MatMul', inputs: [x, `${x}T`], outputs: [`${x}Likeness`] },
    { opType: 'Softmax', inputs: [`${x}Likeness`], outputs: [`${x}Matrices`], attributes: { axis: -1 } },
    { opType: 'MatMul', inputs: [`${x}Matrices`, x], outputs: [y] },
  ];
  const shapes = {
    split: [1, 4, 2, 3, 2, 3],
    windows: [4, ...heads, 9, 4],
    joined: [1, 2, 2, 3, 3, 4],
    large: [1, 4, 6, 6],
    row: [1, 4, 9],
    tokens: [1, ...heads, 9, 4],
  };
  const reshape = (input: string, output: string, shape: keyof typeof shapes): NodeDescription => ({
    opType: 'Reshape',
    inputs: [input, shape],
    outputs: [output],
  });
  const transpose = (input: string, output: string, perm: number[]): NodeDescription => ({
    opType: 'Transpose',
    inputs: [input],
    outputs: [output],
    attributes: { perm },
  });
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'input', dataType: 'float32', shape: [1, 3, 6, 6] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: [1, 4] }],
      nodes: [
        { opType: 'Conv', inputs: ['input', 'w'], outputs: ['map'] },
        reshape('map', 'parts', 'split'),
        transpose('parts', 'partsLast', [0, 2, 4, 3, 5, 1]),
        reshape('partsLast', 'x', 'windows'),
        ...attention('x', 'mixed'),
        reshape('mixed', 'mixedParts', 'joined'),
        transpose('mixedParts', 'mixedFirst', [0, 5, 1, 3, 2, 4]),
        reshape('mixedFirst', 'mixedMap', 'large'),
        {
          opType: 'AveragePool',
          inputs: ['mixedMap'],
          outputs: ['half'],
          attributes: { kernel_shape: [2, 2], strides: [2, 2] },
        },
        reshape('half', 'columns', 'row'),
        transpose('columns', 'places', [0, 2, 1]),
        reshape('places', 'z', 'tokens'),
        ...attention('z', 'last'),
        {
          opType: 'ReduceMean',
          inputs: ['last'],
          outputs: ['logits'],
          attributes: { axes: heads.length > 0 ? [1, 2] : [1], keepdims: 0 },
        },
      ],
      initializers: [
        weight('w', [4, 3, 1, 1], 1, 0.6),
        ...Object.entries(shapes).map(([name, data]) => ({
          name,
          dims: [data.length],
          dataType: 'int64' as const,
          data,
        })),
      ],
    },
  });
}
