import { readFileSync } from 'node:fs';
import { view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { fixturePath, graphFixtures, loadGraphFixture } from './load-graph-fixture.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

/** What TensorFlow says about one image: see tooling/reference/tfjs/make_graph_models.py. */
const truth = JSON.parse(readFileSync(fixturePath('graph-model-truth.json'), 'utf8'));

/** Node names of the three tensors that the truth has gradients of. */
const NODES: Record<string, RegExp> = {
  stem_relu: /stem_relu.*Relu6$/,
  mixed: /mixed.*concat$/,
  top_relu: /top_relu.*Relu$/,
};

/** [1, height, width, channels] to channels-first. */
function image(): Float32Array {
  const [size, channels] = [20, 3];
  return Float32Array.from({ length: truth.image.length }, (_, i) => {
    const [c, cell] = [Math.floor(i / (size * size)), i % (size * size)];
    return truth.image[cell * channels + c];
  });
}

describe.each(nodeBackends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(graphFixtures)('createTfjsModel on %s agrees with TensorFlow', async (fixture) => {
    const { source, artifacts } = await loadGraphFixture(fixture);
    const before = tf.memory().numTensors;
    const model = await createTfjsModel(source, { artifacts });
    const layers = Object.entries(NODES).map(([name, pattern]) => {
      const found = model.layers.find((layer) => pattern.test(layer.name));
      expect(found, `${name} in ${model.layers.map((layer) => layer.name)}`).toBeDefined();
      return [name, found!.name] as const;
    });
    const names = layers.map(([, node]) => node);
    const pass = await model.forward(view(image(), [1, 3, 20, 20]), { layers: names });
    expect(pass.scoreKind).toBe('logit');
    expectClose(pass.logits.data, truth.logits, { absolute: 2e-6 });
    const gradients = await pass.gradients(names, view(Float32Array.from(truth.cotangent), [1, 5]));
    for (const [name, node] of layers) {
      const { shape, data } = gradients.get(node)!;
      const expected: { shape: number[]; gradients: number[] } = truth[name];
      const cells = expected.shape[2]! * expected.shape[3]!;
      const full = shape.length === 4 ? data : expected.gradients.map((_, i) => data[Math.floor(i / cells)]!);
      expectClose(full, expected.gradients, { relativeToMax: 5e-6 });
    }
    pass.dispose();
    await model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    source.dispose();
  });

  test('createTfjsModel on a graph of any size, with sizes computed inside, agrees with TensorFlow', async () => {
    const { source, artifacts } = await loadGraphFixture('graph-model-odd');
    const before = tf.memory().numTensors;
    const model = await createTfjsModel(source, { artifacts });
    expect(model.input).toMatchObject({ channels: 3, height: undefined, width: undefined, batch: undefined });
    expect(model.layers.filter(({ gradient }) => gradient === 'unavailable')).toEqual([]);
    const expected: {
      image: number[];
      cotangent: number[];
      probabilities: number[];
      shape: number[];
      gradients: number[];
    } = JSON.parse(readFileSync(fixturePath('graph-model-odd-truth.json'), 'utf8'));
    const input = Float32Array.from(
      { length: 3 * 14 * 14 },
      (_, i) => expected.image[(i % 196) * 3 + Math.floor(i / 196)]!,
    );
    // Two images at once: extents that depend on the batch are worked out from runs with one and two.
    const batch = view(Float32Array.from([...input, ...input, ...input]), [3, 3, 14, 14]);
    const pass = await model.forward(batch, { layers: ['leaky'] });
    const cotangent = view(Float32Array.from(Array(3).fill(expected.cotangent).flat()), [3, 5]);
    const gradients = (await pass.gradients(['leaky'], cotangent)).get('leaky')!;
    expect(gradients.shape).toEqual([3, ...expected.shape.slice(1)]);
    for (let row = 0; row < 3; row++) {
      const scores = tf.tidy(() => tf.softmax(tf.tensor(pass.logits.data.slice(5 * row, 5 * row + 5))));
      expectClose(await scores.data(), expected.probabilities, { absolute: 1e-6 });
      scores.dispose();
      const size = expected.gradients.length;
      expectClose(gradients.data.slice(row * size, (row + 1) * size), expected.gradients, {
        relativeToMax: 5e-6,
      });
    }
    pass.dispose();
    await model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    source.dispose();
  });
});
