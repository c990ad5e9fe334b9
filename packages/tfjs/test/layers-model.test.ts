import { explain, UnsupportedError, view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { fillWeights } from './small-layers-model.ts';
import { useBackend } from './use-backend.ts';

const { layers } = tfl;
type Symbolic = tfl.SymbolicTensor;

const image = (seed = 0): ReturnType<typeof view> =>
  view(
    Float32Array.from({ length: 3 * 8 * 8 }, (_, i) => Math.sin(seed + i * 1.7)),
    [1, 3, 8, 8],
  );
const oneHot = (index: number, count: number): ReturnType<typeof view> =>
  view(
    Float32Array.from({ length: count }, (_, i) => (i === index ? 1 : 0)),
    [1, count],
  );

function backbone(name = 'backbone'): tfl.LayersModel {
  const input = tfl.input({ shape: [8, 8, 3] });
  let x = layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, padding: 'same' }).apply(input);
  x = layers.reLU({ name: 'act' }).apply(x);
  x = layers.conv2d({ name: 'conv_2', filters: 5, kernelSize: 3, activation: 'relu' }).apply(x);
  return tfl.model({ inputs: input, outputs: x as Symbolic, name });
}

function headOn(x: Symbolic, activation: 'softmax' | 'linear' | 'sigmoid' = 'softmax', units = 3): Symbolic {
  const pooled = layers.globalAveragePooling2d({ name: 'mean' }).apply(x);
  return layers.dense({ name: 'scores', units, activation }).apply(pooled) as Symbolic;
}

beforeAll(() => useBackend('cpu'));
afterEach(() => {
  tf.disposeVariables();
});

describe('createTfjsModel(LayersModel)', () => {
  test('a hand-computable network: gradient of a pooled dense layer is its weight over the cell count', async () => {
    const input = tfl.input({ shape: [2, 2, 1] });
    const x = layers
      .conv2d({ name: 'conv', filters: 1, kernelSize: 1, useBias: false })
      .apply(input) as Symbolic;
    const source = tfl.model({ inputs: input, outputs: headOn(x, 'linear', 2) });
    source.getLayer('conv').setWeights([tf.tensor([2], [1, 1, 1, 1])]);
    source.getLayer('scores').setWeights([tf.tensor2d([[3, -5]]), tf.tensor1d([0.5, 0])]);
    const model = await createTfjsModel(source);
    const pass = await model.forward(view(new Float32Array([1, 2, 3, 6]), [1, 1, 2, 2]), {
      layers: ['conv'],
    });
    expect(Array.from(pass.activations('conv').data)).toEqual([2, 4, 6, 12]);
    // mean(A) = 6, so 3·6 + 0.5 and −5·6.
    expect(Array.from(pass.logits.data)).toEqual([18.5, -30]);
    const gradients = await pass.gradients(['conv'], oneHot(0, 2));
    expect(gradients.get('conv')!.shape).toEqual([1, 1]);
    expect(Array.from(gradients.get('conv')!.data)).toEqual([0.75]);
    expect(Array.from(pass.linearHead('conv')!.weights.data)).toEqual([3, -5]);
    expect(Array.from(pass.linearHead('conv')!.bias.data)).toEqual([0.5, 0]);
  });

  test('a softmax at the end is explained at the logit, whatever comes after it', async () => {
    const base = backbone();
    const inputs = base.inputs;
    const pooled = layers.globalAveragePooling2d({}).apply(base.outputs[0]!) as Symbolic;
    const logits = layers.dense({ name: 'logits', units: 3 });
    const scores = logits.apply(pooled) as Symbolic;
    const variants = {
      linear: scores,
      activation: layers.activation({ activation: 'softmax' }).apply(scores) as Symbolic,
      layer: layers.softmax({ axis: -1 }).apply(scores) as Symbolic,
      reshaped: layers
        .reshape({ targetShape: [3] })
        .apply(
          layers
            .activation({ activation: 'softmax' })
            .apply(layers.reshape({ targetShape: [1, 1, 3] }).apply(scores)),
        ) as Symbolic,
    };
    fillWeights(tfl.model({ inputs, outputs: scores }), 2);
    const found: Record<string, number[]> = {};
    for (const [name, outputs] of Object.entries(variants)) {
      const model = await createTfjsModel(tfl.model({ inputs, outputs }));
      const pass = await model.forward(image(), { layers: ['act'] });
      expect(pass.scoreKind).toBe('logit');
      found[name] = Array.from((await pass.gradients(['act'], oneHot(1, 3))).get('act')!.data);
      pass.dispose();
    }
    for (const gradients of Object.values(found)) expect(gradients).toEqual(found['linear']);
  });

  test('a softmax fused into the dense layer is split off: its input gives back the probabilities', async () => {
    const base = backbone();
    const source = tfl.model({ inputs: base.inputs, outputs: headOn(base.outputs[0]!) });
    fillWeights(source, 2);
    const model = await createTfjsModel(source);
    const pass = await model.forward(image());
    const probabilities = source.predict(tf.tensor4d(toNhwc(image().data), [1, 8, 8, 3])) as tf.Tensor;
    expectClose(await tf.softmax(tf.tensor(pass.logits.data)).data(), await probabilities.data(), {
      absolute: 1e-6,
    });
    expect(model.layers.map(({ name }) => name)).toEqual(['conv', 'act', 'conv_2']);
  });

  test('one sigmoid score is one class, explained before the sigmoid', async () => {
    const base = backbone();
    const source = tfl.model({ inputs: base.inputs, outputs: headOn(base.outputs[0]!, 'sigmoid', 1) });
    const model = await createTfjsModel(source);
    const pass = await model.forward(image(), { layers: ['conv_2'] });
    expect(model.classCount).toBe(1);
    expect(pass.scoreKind).toBe('logit');
    expect(pass.linearHead('conv_2')!.weights.shape).toEqual([1, 5]);
  });

  test('probabilities that no logits are behind are called so', async () => {
    const base = backbone();
    const [one, two] = ['a', 'b'].map((name) =>
      layers
        .dense({ name, units: 3, activation: 'softmax' })
        .apply(layers.globalAveragePooling2d({}).apply(base.outputs[0]!)),
    ) as [Symbolic, Symbolic];
    const model = await createTfjsModel(
      tfl.model({ inputs: base.inputs, outputs: layers.average().apply([one, two]) as Symbolic }),
    );
    const pass = await model.forward(image(), { layers: ['act'] });
    expect(pass.scoreKind).toBe('probability');
    expect((await pass.gradients(['act'], oneHot(0, 3))).get('act')!.data.some((value) => value !== 0)).toBe(
      true,
    );
  });

  test('nested models are walked through, by path, alone or by their own name', async () => {
    const inner = backbone();
    const input = tfl.input({ shape: [8, 8, 3], name: 'outer_image' });
    const features = inner.apply(layers.reLU({ name: 'before' }).apply(input)) as Symbolic;
    const source = tfl.model({ inputs: input, outputs: headOn(features) });
    fillWeights(source, 4);
    const model = await createTfjsModel(source);
    expect(model.layers.map(({ name }) => name)).toEqual([
      'before',
      'backbone/conv',
      'backbone/act',
      'backbone/conv_2',
    ]);
    expect(model.defaultLayer).toBe('backbone/conv_2');
    expect(model.resolveLayer('act').name).toBe('backbone/act');
    expect(model.resolveLayer('backbone').name).toBe('backbone/conv_2');
    const pass = await model.forward(image(), { layers: ['backbone/act', 'before'] });
    expect((await pass.gradients(['backbone/act', 'before'], oneHot(0, 3))).size).toBe(2);
  });

  test('parts of the whole network are refused, with the ONNX file as the way to have them', async () => {
    const base = backbone();
    const model = await createTfjsModel(
      tfl.model({ inputs: base.inputs, outputs: headOn(base.outputs[0]!) }),
    );
    expect(model.network).toBeUndefined();
    const forward = model.forward(image(), { network: ['shares'] });
    await expect(forward).rejects.toThrow(UnsupportedError);
    await expect(forward).rejects.toThrow(
      /no parts of the whole network .*received shares\. Use the ONNX file/,
    );
    const asked = explain(model, image(), { method: 'full-grad' });
    await expect(asked).rejects.toThrow(/run by tfjs .*which does not hand them out\. Use the ONNX file/);
  });

  test('a Sequential with a nested model is the same network as without', async () => {
    const inner = backbone();
    const source = tfl.sequential({
      layers: [inner, layers.globalAveragePooling2d({}), layers.dense({ units: 3, activation: 'softmax' })],
    });
    fillWeights(source, 4);
    const flat = tfl.model({ inputs: source.inputs, outputs: source.outputs });
    const results = [];
    for (const one of [source, flat]) {
      const model = await createTfjsModel(one);
      const name = model.layers.find((layer) => layer.name.endsWith('act'))!.name;
      const pass = await model.forward(image(), { layers: [name] });
      results.push(Array.from((await pass.gradients([name], oneHot(2, 3))).get(name)!.data));
    }
    expect(results[0]).toEqual(results[1]);
  });

  test('a shared layer has one name per application, and is refused without saying which', async () => {
    const input = tfl.input({ shape: [8, 8, 3] });
    const stem = layers.conv2d({ name: 'stem', filters: 4, kernelSize: 1 }).apply(input);
    const shared = layers.conv2d({
      name: 'shared',
      filters: 4,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
    });
    const x = shared.apply(shared.apply(stem)) as Symbolic;
    const source = tfl.model({ inputs: input, outputs: headOn(x) });
    fillWeights(source, 4);
    const model = await createTfjsModel(source);
    expect(model.layers.map(({ name }) => name)).toEqual(['stem', 'shared[0]', 'shared[1]']);
    expect(() => model.resolveLayer('shared')).toThrow(
      /several outputs in this model; say which: "shared\[0\]", "shared\[1\]"/,
    );
    // The parameters of the shared layer count once.
    expect(model.resolveLayer('shared[1]').parameterCount).toBe(3 * 4 + 4 + 9 * 16 + 4);
    const pass = await model.forward(image(), { layers: ['shared[0]', 'shared[1]'] });
    const gradients = await pass.gradients(['shared[0]', 'shared[1]'], oneHot(0, 3));
    expect(gradients.get('shared[0]')!.shape).toEqual([1, 4, 8, 8]);
    expect(gradients.get('shared[1]')!.shape).toEqual([1, 4]);
  });

  test('a channels-first network gives the maps of its channels-last twin', async () => {
    const build = (dataFormat: 'channelsFirst' | 'channelsLast'): tfl.LayersModel => {
      const input = tfl.input({ shape: dataFormat === 'channelsFirst' ? [3, 8, 8] : [8, 8, 3] });
      let x = layers
        .conv2d({ name: 'conv', filters: 4, kernelSize: 3, dataFormat, activation: 'relu' })
        .apply(input);
      x = layers
        .averagePooling2d({ name: 'pool', poolSize: 2, strides: 1, padding: 'same', dataFormat })
        .apply(x);
      x = layers.globalAveragePooling2d({ dataFormat }).apply(x);
      return tfl.model({ inputs: input, outputs: layers.dense({ units: 3 }).apply(x) as Symbolic });
    };
    const results = [];
    for (const format of ['channelsFirst', 'channelsLast'] as const) {
      const source = build(format);
      fillWeights(source, 5);
      const model = await createTfjsModel(source);
      expect(model.input).toMatchObject({ channels: 3, height: 8, width: 8 });
      const pass = await model.forward(image(), { layers: ['conv', 'pool'] });
      const gradients = await pass.gradients(['conv', 'pool'], oneHot(1, 3));
      results.push({
        layers: model.layers.map(({ name, shape, gradient, stride }) => ({ name, shape, gradient, stride })),
        values: [pass.logits, pass.activations('conv'), gradients.get('conv')!, gradients.get('pool')!],
      });
    }
    const [first, last] = results as [(typeof results)[0], (typeof results)[0]];
    expect(first.layers).toEqual(last.layers);
    first.values.forEach((values, i) => {
      expectClose(values, last.values[i]!, { relativeToMax: 1e-6 });
    });
  });

  test('a network that begins with a transpose takes channels-first input', async () => {
    const input = tfl.input({ shape: [3, 8, 8] });
    const moved = layers.permute({ dims: [2, 3, 1] }).apply(input);
    const x = layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3 }).apply(moved) as Symbolic;
    const model = await createTfjsModel(tfl.model({ inputs: input, outputs: headOn(x) }));
    expect(model.input).toMatchObject({ channels: 3, height: 8, width: 8 });
    expect(model.resolveLayer('conv')).toMatchObject({ shape: [4, 6, 6], gradient: 'constant' });
    const pass = await model.forward(image(), { layers: ['conv'] });
    expect(pass.activations('conv').shape).toEqual([1, 4, 6, 6]);
  });

  test('several outputs need a choice, by name or index', async () => {
    const base = backbone();
    const pooled = layers.globalAveragePooling2d({}).apply(base.outputs[0]!);
    const outputs = ['first', 'second'].map(
      (name, i) => layers.dense({ name, units: 3 + i }).apply(pooled) as Symbolic,
    );
    const side = layers
      .conv2d({ name: 'side', filters: 2, kernelSize: 1 })
      .apply(base.outputs[0]!) as Symbolic;
    outputs.push(layers.dense({ name: 'third', units: 2 }).apply(layers.flatten().apply(side)) as Symbolic);
    const source = tfl.model({ inputs: base.inputs, outputs });
    await expect(createTfjsModel(source)).rejects.toThrow(
      /explicit output .* received none.*"first", "second", "third"/,
    );
    await expect(createTfjsModel(source, { output: 'fourth' })).rejects.toThrow(/received "fourth"/);
    await expect(createTfjsModel(source, { output: 3 })).rejects.toThrow(/index below 3; received 3/);
    expect((await createTfjsModel(source, { output: 'second' })).classCount).toBe(4);
    const model = await createTfjsModel(source, { output: 0 });
    expect(model.classCount).toBe(3);
    expect(() => model.resolveLayer('side')).toThrow(/it does not lead to the scores of output "first"/);
  });

  test('weights set between two calls are seen: cached filters and heads follow', async () => {
    const base = backbone();
    const source = tfl.model({ inputs: base.inputs, outputs: headOn(base.outputs[0]!) });
    const model = await createTfjsModel(source);
    const explain = async (one = model): Promise<number[][]> => {
      const pass = await one.forward(image(), { layers: ['act', 'conv_2'] });
      const gradients = await pass.gradients(['act'], oneHot(0, 3));
      const result = [gradients.get('act')!.data, pass.linearHead('conv_2')!.weights.data].map((data) =>
        Array.from(data),
      );
      pass.dispose();
      return result;
    };
    fillWeights(source, 1);
    const first = await explain();
    fillWeights(source, 2);
    const second = await explain();
    expect(second).not.toEqual(first);
    expect(second).toEqual(await explain(await createTfjsModel(source)));
  });
});

function toNhwc(values: Float32Array): Float32Array {
  return values.map((_, i) => values[(i % 3) * 64 + Math.floor(i / 3)]!);
}
