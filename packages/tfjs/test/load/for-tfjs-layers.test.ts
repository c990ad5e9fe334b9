import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTfjsModelParts } from '../../src/index.ts';
import { held } from '../held.ts';
import { useBackend } from '../use-backend.ts';

interface Layer {
  class_name: string;
  config: Record<string, unknown>;
}
interface ModelJson {
  modelTopology: { keras_version?: string; class_name: string; config: { layers: Layer[] } };
  weightsManifest: unknown[];
}

/** A small model's files after a change of one layer's configuration, as if that Keras had written them. */
async function files(
  keras: string | undefined,
  make: () => InstanceType<typeof tfl.layers.Layer>,
  change: Record<string, unknown>,
): Promise<Map<string, Uint8Array>> {
  const { layers } = tfl;
  const middle = make();
  const model = tfl.sequential({
    layers: [
      layers.conv2d({ name: 'stem', filters: 4, kernelSize: 3, inputShape: [8, 8, 3] }),
      middle,
      layers.conv2d({ name: 'top', filters: 4, kernelSize: 3, padding: 'same' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 3 }),
    ],
  });
  const parts = new Map<string, Uint8Array>();
  await model.save({
    async save(artifacts) {
      const topology = artifacts.modelTopology as ModelJson['modelTopology'];
      if (keras === undefined) delete topology.keras_version;
      else topology.keras_version = keras;
      const layer = topology.config.layers.find(({ config }) => config['name'] === middle.name)!;
      Object.assign(layer.config, change);
      const json = {
        modelTopology: topology,
        weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }],
      };
      parts.set('model.json', new TextEncoder().encode(JSON.stringify(json)));
      parts.set('weights.bin', new Uint8Array(artifacts.weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  model.dispose();
  return parts;
}

/** A layer belongs to one model, which disposes it: so a new one each time. */
const MIDDLE = {
  conv2d: () => tfl.layers.conv2d({ name: 'middle', filters: 4, kernelSize: 1 }),
  reLU: () => tfl.layers.reLU({ name: 'middle' }),
  upSampling2d: () => tfl.layers.upSampling2d({ name: 'middle' }),
};

beforeAll(() => useBackend('cpu'));

describe('a file of Keras 2', () => {
  test.each([
    ['groups', 'conv2d', { groups: 2 }],
    ['negative_slope', 'reLU', { negative_slope: 0.2 }],
    ['threshold', 'reLU', { threshold: 1 }],
    ['pixel grid', 'upSampling2d', { interpolation: 'bilinear' }],
  ] as const)('is refused where TensorFlow.js passes over %s of %s', async (what, kind, change) => {
    const before = held();
    const versions =
      kind === 'upSampling2d' ? ['2.15.0', undefined] : ['2.15.0', undefined, 'tfjs-layers 4.22.0'];
    for (const version of versions) {
      await expect(loadTfjsModelParts(await files(version, MIDDLE[kind], change))).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringMatching(new RegExp(`"middle" has .*${what}.*tfjs_graph_model`)),
      });
    }
    expect(held()).toBe(before);
  });

  test('loads with what TensorFlow.js has under another name, or reads in training only', async () => {
    const l2 = { class_name: 'L2', config: { l2: 1e-4 } };
    const change = { activation: 'silu', kernel_regularizer: l2, groups: 1 };
    const model = await loadTfjsModelParts(await files('2.15.0', MIDDLE.conv2d, change));
    const spelled = await loadTfjsModelParts(await files('2.15.0', MIDDLE.conv2d, { activation: 'swish' }));
    expect(model.layers).toEqual(spelled.layers);
    await model.dispose();
    await spelled.dispose();
  });

  test('loads with the axis of a batch normalisation as Keras 2 writes it, a list', async () => {
    const norm = () => tfl.layers.batchNormalization({ name: 'middle' });
    const model = await loadTfjsModelParts(await files('2.15.0', norm, { axis: [3] }));
    expect(model.resolveLayer('stem').gradient).toBe('varying');
    await model.dispose();
  });
});

test('bilinear up-sampling of a model that was made in TensorFlow.js is what its maker saw', async () => {
  const middle = () => tfl.layers.upSampling2d({ name: 'middle', interpolation: 'bilinear' });
  const model = await loadTfjsModelParts(await files('tfjs-layers 4.22.0', middle, {}));
  expect(model.resolveLayer('middle').shape).toEqual([4, 12, 12]);
  await model.dispose();
});

test('the hint about custom layers comes with an unknown layer, not with every failure', async () => {
  const relu = () => tfl.layers.activation({ name: 'middle', activation: 'relu' });
  await expect(loadTfjsModelParts(await files('2.15.0', relu, { activation: 'hard_silu' }))).rejects.toThrow(
    /Unknown activation.*graph model/s,
  );
  const broken = await files('2.15.0', MIDDLE.conv2d, {
    kernel_size: [2, 2],
  });
  await expect(loadTfjsModelParts(broken)).rejects.toMatchObject({
    code: 'MODEL_FORMAT',
    message: expect.not.stringMatching(/registerClass/),
  });
});
