import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { displayNames, ownName, walkLayers } from '../../src/layers/layer-walk.ts';
import { forTfjsLayers } from '../../src/load/for-tfjs-layers.ts';
import { useBackend } from '../use-backend.ts';
import { difference, readKerasCases, specsOf, weightData } from './keras-case.ts';

// What Keras 3 wrote and computed: tooling/reference/tfjs/make_shared_names.py.
const networks = readKerasCases('keras-3-shared-names.json');
const REFUSED = 'one layer in two models of a model';

describe('networks of Keras 3 whose nested models share names of layers', () => {
  beforeAll(() => useBackend('cpu'));

  test.each(Object.keys(networks.cases).filter((title) => title !== REFUSED))(
    '%s: computed as in Keras',
    async (title) => {
      const one = networks.cases[title]!;
      const scale = Math.max(...one.output.values.map(Math.abs));
      expect(scale).toBeGreaterThan(0.1);
      const found = await difference(networks, one, forTfjsLayers(one.topology, specsOf(one)));
      expect(found).toBeLessThan(2e-6 * scale);
    },
  );

  test.each([
    ['functional', ['a/conv', 'a/norm', 'b/conv', 'b/norm'], ['conv', 'norm', 'conv', 'norm']],
    [
      'two deep',
      ['outer/a/conv', 'outer/a/norm', 'outer/b/conv', 'outer/b/norm', 'conv', 'norm'],
      ['conv', 'norm', 'conv', 'norm', 'conv', 'norm'],
    ],
  ] as const)('%s: the layers are called as in Keras', async (title, names, own) => {
    const one = networks.cases[title]!;
    const { topology, weightSpecs } = forTfjsLayers(one.topology, specsOf(one));
    const model = await loadLayersModel(
      tf.io.fromMemory({
        modelTopology: structuredClone(topology),
        weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
        weightData: weightData(one),
      }),
    );
    const { steps } = walkLayers(model.outputs[0]!);
    expect([...displayNames(steps).values()]).toEqual(names);
    expect(steps.map(ownName)).toEqual(own);
    model.dispose();
  });

  test(`${REFUSED}: its weights are there once, which is refused with both layers and the remedy`, () => {
    const one = networks.cases[REFUSED]!;
    const before = tf.memory().numTensors;
    expect(() => forTfjsLayers(one.topology, specsOf(one))).toThrow(
      /"conv\/kernel".*"outer\/a\/conv", "outer\/b\/conv".*received 1\..*different names.*tfjs_graph_model/s,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
