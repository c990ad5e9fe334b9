import { view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { held } from './held.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { useBackend } from './use-backend.ts';

const kinds = {
  'a LayersModel': async () => ({ source: smallLayersModel(), artifacts: undefined, layer: 'block_add' }),
  'a GraphModel': async () => ({
    ...(await loadGraphFixture('graph-model-fused')),
    layer: 'functional_1_1/block_add_1/Add',
  }),
};

describe.each(Object.entries(kinds))('%s after setBackend', (_, make) => {
  beforeAll(() => useBackend('wasm'));

  test('is explained no more until the backend is the old one again, and nothing leaks', async () => {
    await useBackend('cpu');
    const { source, artifacts, layer } = await make();
    const model = await createTfjsModel(source, artifacts === undefined ? {} : { artifacts });
    const { height, width } = model.input;
    const input = view(
      Float32Array.from({ length: 3 * height! * width! }, (_value, i) => Math.sin(i)),
      [1, 3, height!, width!],
    );
    const cotangent = view(new Float32Array(model.classCount).fill(1), [1, model.classCount]);
    const pass = await model.forward(input, { layers: [layer], tails: [layer] });
    const before = held();

    await useBackend('wasm');
    for (const [where, attempt] of Object.entries({
      forward: () => model.forward(input, { layers: [layer] }),
      gradients: () => pass.gradients([layer], cotangent),
      scoresFrom: () => pass.scoresFrom(layer, pass.activations(layer)),
    })) {
      await expect(attempt(), where).rejects.toMatchObject({
        code: 'RUNTIME',
        message: expect.stringMatching(
          new RegExp(
            `^${where}: expected TensorFlow.js backend "cpu".*"wasm" is active.*setBackend\\("cpu"\\)`,
          ),
        ),
      });
    }
    expect(held()).toBe(before);

    await useBackend('cpu');
    expect((await pass.gradients([layer], cotangent)).get(layer)!.data.some((value) => value !== 0)).toBe(
      true,
    );
    expect((await pass.scoresFrom(layer, pass.activations(layer))).shape).toEqual([1, model.classCount]);
    pass.dispose();
    await model.dispose();
    source.dispose();
  });

  test('a switch in the middle of a forward pass is noticed at its end', async () => {
    await useBackend('cpu');
    const { source, artifacts, layer } = await make();
    const model = await createTfjsModel(source, artifacts === undefined ? {} : { artifacts });
    const { height, width } = model.input;
    const before = held();
    const pending = model.forward(view(new Float32Array(3 * height! * width!), [1, 3, height!, width!]), {
      layers: [layer],
    });
    const rejected = expect(pending).rejects.toMatchObject({ code: 'RUNTIME' });
    await tf.setBackend('wasm');
    await rejected;
    await useBackend('cpu');
    expect(held()).toBe(before);
    await model.dispose();
    source.dispose();
  });
});
