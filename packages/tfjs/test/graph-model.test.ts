import { readFileSync } from 'node:fs';
import { view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { graphFixtures } from './graph-fixture.ts';
import { explainGraph, type GraphTruth } from './graph-truth.ts';
import { held } from './held.ts';
import { fixturePath, loadGraphFixture } from './load-graph-fixture.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const truth: GraphTruth = JSON.parse(readFileSync(fixturePath('graph-model-truth.json'), 'utf8'));

describe.each(nodeBackends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(graphFixtures)('createTfjsModel on %s agrees with TensorFlow', async (fixture) => {
    const loaded = await loadGraphFixture(fixture);
    const before = held();
    const explained = await explainGraph(loaded, truth);
    expect(explained.scoreKind).toBe('logit');
    expectClose(explained.logits, truth.logits, { absolute: 2e-6 });
    for (const tensor of ['stem_relu', 'mixed', 'top_relu'] as const) {
      expectClose(explained.gradients[tensor], truth[tensor].gradients, { relativeToMax: 5e-6 });
    }
    expect(held()).toBe(before);
    loaded.source.dispose();
  });

  test('createTfjsModel on a graph of any size, with sizes computed inside, agrees with TensorFlow', async () => {
    const { source, artifacts } = await loadGraphFixture('graph-model-odd');
    const before = held();
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
    expect(held()).toBe(before);
    source.dispose();
  });
});
