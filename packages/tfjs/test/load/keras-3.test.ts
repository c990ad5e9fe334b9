import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CamError, view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTfjsModelParts } from '../../src/index.ts';
import { forTfjsLayers } from '../../src/load/for-tfjs-layers.ts';
import { translateKeras3 } from '../../src/load/translate-keras-3.ts';
import { loadTfjsModelFile } from '../../src/node.ts';
import { held } from '../held.ts';
import { fixturePath } from '../load-graph-fixture.ts';
import { nodeBackends, useBackend } from '../use-backend.ts';
import { difference, readKerasCases, specsOf, weightData } from './keras-case.ts';

// Both fixtures are what Keras 3 wrote and computed: tooling/reference/tfjs/make_keras_models.py.

const layers = readKerasCases('keras-3-layers.json');

/** Refused by us: TensorFlow.js would compute something else, or cannot be told. */
const REFUSED = [
  'conv groups',
  'transposed conv output padding',
  'layer norm rms',
  'global average pool keeping axes',
  'global max pool keeping axes',
  'relu with slope',
  'relu with threshold',
  'up-sampling bilinear',
  'resizing bilinear',
  'resizing nearest',
  'centre crop',
  'operation times number',
  'operation on other ranks',
  'activation hard_sigmoid',
  'conv with hard_sigmoid',
];

/** Refused by TensorFlow.js itself, which does not know them. */
const UNKNOWN = [
  'elu 0.5',
  'spatial dropout',
  'subtract',
  'normalization',
  'group norm',
  'activation hard_silu',
  'activation leaky_relu',
  'activation exponential',
];

describe('layers of Keras 3, one by one', () => {
  beforeAll(() => useBackend('cpu'));

  test.each(Object.keys(layers.cases).filter((title) => ![...REFUSED, ...UNKNOWN].includes(title)))(
    '%s is computed as in Keras',
    async (title) => {
      const one = layers.cases[title]!;
      expect(await difference(layers, one, forTfjsLayers(one.topology, specsOf(one)))).toBeLessThan(1e-5);
    },
  );

  test.each(REFUSED)('%s is refused by name, with the remedy', async (title) => {
    const one = layers.cases[title]!;
    let refusal: unknown;
    try {
      forTfjsLayers(one.topology, specsOf(one));
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(CamError);
    expect(refusal).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/"\w+".*tfjs_graph_model/s),
    });
    // And rightly: unrefused, TensorFlow.js says no itself or computes something else.
    const found = await Promise.resolve()
      .then(() => difference(layers, one, translateKeras3(one.topology, specsOf(one))))
      .catch(() => Number.POSITIVE_INFINITY);
    expect(found).toBeGreaterThan(1e-2);
  });

  test.each(UNKNOWN)(
    '%s is not to be had in TensorFlow.js: refused with the remedy, nothing stays',
    async (title) => {
      const one = layers.cases[title]!;
      const json = {
        modelTopology: one.topology,
        weightsManifest: [{ paths: ['weights.bin'], weights: specsOf(one) }],
      };
      const parts = new Map([
        ['model.json', new TextEncoder().encode(JSON.stringify(json))],
        ['weights.bin', new Uint8Array(weightData(one))],
      ]);
      const before = held();
      const refusal: unknown = await loadTfjsModelParts(parts).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        code: 'MODEL_FORMAT',
        message: expect.stringMatching(
          /cannot build it: (Unknown (layer|activation)|Non-default alpha).*model\.export.*--output_format=tfjs_graph_model/s,
        ),
      });
      const { message } = refusal as Error;
      expect(message).not.toContain('Convert the model again');
      // Which helps with layers of one's own alone.
      expect(message.includes('registerClass')).toBe(message.includes('Unknown'));
      expect(held()).toBe(before);
    },
  );
});

describe.each(nodeBackends)('a network of Keras 3 on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('loads from its model.json and agrees with Keras: scores, activations, gradients', async () => {
    const truth: {
      image: number[];
      logits: number[];
      cotangent: number[];
    } & Record<'inner' | 'both', { activations: number[]; gradients: number[] }> = JSON.parse(
      readFileSync(fixturePath('keras-3-truth.json'), 'utf8'),
    );
    const before = held();
    const model = await loadTfjsModelFile(fileURLToPath(fixturePath('keras-3/model.json')));
    expect(model.identity.name).toBe('keras-3');
    expect(model.defaultLayer).toBe('top');
    const image = Float32Array.from(
      { length: 768 },
      (_, i) => truth.image[(i % 256) * 3 + Math.floor(i / 256)]!,
    );
    const pass = await model.forward(view(image, [1, 3, 16, 16]), { layers: ['inner', 'both'] });
    expect(pass.scoreKind).toBe('logit');
    expectClose(pass.logits.data, truth.logits, { relativeToMax: 1e-5 });
    const names = { inner: model.resolveLayer('inner').name, both: 'both' };
    expect(names.inner).toBe('inner/inner_bn');
    const gradients = await pass.gradients(
      Object.values(names),
      view(Float32Array.from(truth.cotangent), [1, 4]),
    );
    for (const name of ['inner', 'both'] as const) {
      expectClose(pass.activations(names[name]).data, truth[name].activations, { relativeToMax: 1e-5 });
      expectClose(gradients.get(names[name])!.data, truth[name].gradients, { relativeToMax: 1e-5 });
    }
    pass.dispose();
    await model.dispose();
    expect(held()).toBe(before);
  });
});
