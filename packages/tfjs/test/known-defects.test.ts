import { UnsupportedError } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { held } from './held.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const { layers } = tfl;
type Symbolic = tfl.SymbolicTensor;
type Layer = InstanceType<typeof layers.Layer>;

/** A classifier with that layer in the middle. */
function around(layer: Layer, size: number | null = 12): tfl.LayersModel {
  const image = tfl.input({ shape: [size, size, 3] });
  let x = layers.conv2d({ name: 'stem', filters: 4, kernelSize: 3, padding: 'same' }).apply(image);
  x = layer.apply(x) as Symbolic;
  x = layers.conv2d({ name: 'top', filters: 4, kernelSize: 1, activation: 'relu' }).apply(x);
  x = layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d({}).apply(x));
  return tfl.model({ inputs: image, outputs: x as Symbolic });
}

async function refusal(model: tfl.LayersModel): Promise<string> {
  const before = held();
  const error = await createTfjsModel(model).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UnsupportedError);
  expect(held()).toBe(before);
  return (error as Error).message;
}

/** Depthwise "same" convolution with stride 1, written down; x and filter as TensorFlow has them, one image and multiplier 1. */
function depthwise(
  x: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  filter: Float32Array,
  size: number,
  dilation: number,
): Float32Array {
  const before = Math.floor(((size - 1) * dilation) / 2);
  return x.map((_, index) => {
    const channel = index % channels;
    const column = Math.floor(index / channels) % width;
    const row = Math.floor(index / channels / width);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const [r, c] = [row - before + i * dilation, column - before + j * dilation];
        if (r < 0 || c < 0 || r >= height || c >= width) continue;
        sum += x[(r * width + c) * channels + channel]! * filter[(i * size + j) * channels + channel]!;
      }
    }
    return sum;
  });
}

describe.each(nodeBackends)('a model that TensorFlow.js computes wrongly, on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('dilation of a depthwise layer is left out: refused by name, and the remedy is right', async () => {
    const layer = layers.depthwiseConv2d({
      name: 'spread',
      kernelSize: 3,
      dilationRate: 2,
      padding: 'same',
      useBias: false,
    });
    expect(await refusal(around(layer))).toMatch(
      /DepthwiseConv2D "spread": .*leaves out its dilation of 2×2\. .*tfjs_graph_model/,
    );
    const shape = [7, 9, 4] as const;
    const x = Float32Array.from({ length: 7 * 9 * 4 }, (_, i) => Math.sin(1 + 12.9 * i));
    const image = tf.tensor4d(x, [1, ...shape]);
    const [kernel] = layer.getWeights() as [tf.Tensor4D];
    const filter = (await kernel.data()) as Float32Array;
    const [ours, theirs] = [
      layer.apply(image) as tf.Tensor,
      tf.depthwiseConv2d(image, kernel, 1, 'same', 'NHWC', 2),
    ];
    // The layer gives what it would give without dilation; the op that a graph model runs honours it.
    expectClose(await ours.data(), depthwise(x, shape, filter, 3, 1), { absolute: 1e-5 });
    expectClose(await theirs.data(), depthwise(x, shape, filter, 3, 2), { absolute: 1e-5 });
    tf.dispose([image, ours, theirs]);
  });

  test('batch normalisation over another axis than the last: refused on cpu and wasm, right elsewhere', async () => {
    const layer = layers.batchNormalization({ name: 'norm', axis: 1, scale: false, center: false });
    const model = around(layer);
    const mean = tf.range(0, 12);
    layer.setWeights([mean, tf.fill([12], 4 - 1e-3)]);
    const x = tf.ones([1, 12, 12, 4]);
    const y = layer.apply(x, { training: false }) as tf.Tensor;
    const right = Array.from({ length: 576 }, (_, i) => (1 - Math.floor(i / 48)) / 2);
    if (backend === 'tensorflow') {
      expectClose(await y.data(), right, { absolute: 1e-6 });
      expect((await createTfjsModel(model)).resolveLayer('stem').gradient).toBe('varying');
    } else {
      expect(() => expectClose(y.dataSync(), right, { absolute: 0.1 })).toThrow();
      expect(await refusal(model)).toMatch(/BatchNormalization "norm": on \w+ .*axis 1 .*another backend/);
    }
    tf.dispose([mean, x, y]);
  });

  test.each(['channelsLast', 'channelsFirst'] as const)(
    'a "same" convolution with a window smaller than its stride, %s: refused on wasm, right elsewhere',
    async (dataFormat) => {
      const layer = layers.conv2d({
        name: 'skip',
        filters: 1,
        kernelSize: 2,
        strides: 3,
        padding: 'same',
        dataFormat,
        useBias: false,
        kernelInitializer: 'ones',
      });
      const last = dataFormat === 'channelsLast';
      const image = tfl.input({ shape: last ? [6, 6, 1] : [1, 6, 6] });
      const scores = layers.flatten({ dataFormat }).apply(layer.apply(image));
      const model = tfl.model({ inputs: image, outputs: scores as Symbolic });
      const x = tf.reshape(tf.range(0, 36), last ? [1, 6, 6, 1] : [1, 1, 6, 6]);
      const y = model.predict(x) as tf.Tensor;
      const right = [0 + 1 + 6 + 7, 3 + 4 + 9 + 10, 18 + 19 + 24 + 25, 21 + 22 + 27 + 28];
      if (backend === 'wasm') {
        expect(Array.from(await y.data())).not.toEqual(right);
        expect(await refusal(model)).toMatch(/Conv2D "skip": on wasm .*returns zeros.*another backend/);
      } else {
        expect(Array.from(await y.data())).toEqual(right);
        expect((await createTfjsModel(model)).classCount).toBe(4);
      }
      tf.dispose([x, y]);
    },
  );

  test('where the size varies, some sizes are wrong on wasm: refused too', async () => {
    const layer = layers.depthwiseConv2d({ name: 'skip', kernelSize: 2, strides: 3, padding: 'same' });
    const attempt = createTfjsModel(around(layer, null));
    if (backend === 'wasm') await expect(attempt).rejects.toThrow(/DepthwiseConv2D "skip": on wasm/);
    else expect((await attempt).layers.length).toBeGreaterThan(0);
  });

  test('several such layers are counted', async () => {
    const spread = { kernelSize: 2, dilationRate: 2 };
    const two = tfl.sequential({
      layers: [
        layers.depthwiseConv2d({ name: 'first', ...spread, inputShape: [6, 6, 2] }),
        layers.depthwiseConv2d({ name: 'second', ...spread }),
        layers.flatten({}),
      ],
    });
    expect(await refusal(two)).toMatch(/"first": .* So it is with 1 more of its layers\.$/);
  });

  test.each([
    ['MaxPool', { data_format: { s: btoa('NCHW') } }, /MaxPool "\S+": .*NCHW/],
    ['AvgPool', { data_format: { s: btoa('NCHW') } }, /AvgPool "\S+": .*NCHW/],
    ['FusedBatchNormV3', { data_format: { s: btoa('NCHW') } }, /FusedBatchNormV3 "\S+": .*NCHW/],
  ] as const)('a graph whose %s has channels first is refused before it runs', async (op, attr, message) => {
    const { source, artifacts } = await loadGraphFixture('graph-model-unfused');
    const topology = structuredClone(artifacts.modelTopology) as { node: { op: string; attr: object }[] };
    Object.assign(topology.node.find((node) => node.op === op)!.attr, attr);
    const attempt = createTfjsModel(source, { artifacts: { modelTopology: topology } });
    await expect(attempt).rejects.toThrow(message);
    source.dispose();
  });
});
