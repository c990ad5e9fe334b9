import { type Model, view } from '@hybridcam/core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { held } from './held.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const EXPLANATIONS = 100;

/** Every layer in turn, every class in turn, another picture each time. */
async function explainOften(model: Model): Promise<void> {
  const { height, width } = model.input;
  for (let i = 0; i < EXPLANATIONS; i++) {
    const input = view(
      Float32Array.from({ length: 3 * height! * width! }, (_, j) => Math.sin(i + j)),
      [1, 3, height!, width!],
    );
    const { name } = model.layers[i % model.layers.length]!;
    const cotangent = new Float32Array(model.classCount);
    cotangent[i % model.classCount] = 1;
    const pass = await model.forward(input, { layers: [name] });
    await pass.gradients([name], view(cotangent, [1, model.classCount]));
    pass.dispose();
  }
}

async function predictions(source: LayersModel | GraphModel, size: number): Promise<Float32Array> {
  const [x, y] = tf.tidy(() => {
    const image = tf.randomNormal([2, size, size, 3], 0, 1, 'float32', 7);
    return [tf.keep(image), tf.keep(source.predict(image) as tf.Tensor)];
  });
  const values = Float32Array.from(await y.data());
  tf.dispose([x, y]);
  return values;
}

/** Every weight, bit by bit. */
async function weightsOf(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  return Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
}

describe.each(nodeBackends)('the model of the user after 100 explanations on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('a LayersModel: the same weights, nodes and predictions, bitwise', { timeout: 300_000 }, async () => {
    const source = smallLayersModel();
    const variables = source.weights.map((weight) => weight.read());
    const nodes = () => source.layers.map((layer) => layer.inboundNodes.length + layer.outboundNodes.length);
    const before = [await predictions(source, 16), await weightsOf(variables), nodes(), held()];
    const model = await createTfjsModel(source);
    await explainOften(model);
    await model.dispose();
    expect([await predictions(source, 16), await weightsOf(variables), nodes(), held()]).toEqual(before);
    source.dispose();
  });

  test('a GraphModel: the same weights and predictions, bitwise', { timeout: 300_000 }, async () => {
    const { source, artifacts } = await loadGraphFixture('graph-model-fused');
    const tensors = Object.values(source.weights).flat();
    const floats = tensors.filter(({ dtype }) => dtype === 'float32');
    const before = [await predictions(source, 20), await weightsOf(floats), held()];
    const model = await createTfjsModel(source, { artifacts });
    await explainOften(model);
    await model.dispose();
    expect([await predictions(source, 20), await weightsOf(floats), held()]).toEqual(before);
    source.dispose();
  });
});
