import { allClassMaps, explain, hybrid, pack } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { purityMap, readyMap } from '../src/maps.ts';
import { explainPicture } from '../src/worker/explain-picture.ts';
import { rememberPass } from '../src/worker/remember-pass.ts';
import { type Oracle, openOracle } from './oracle.ts';

describe('readyMap, from one answer of the worker', () => {
  let oracle: Oracle;
  beforeAll(async () => {
    oracle = await openOracle('cup');
  });
  const params = { layer: undefined, classIndex: undefined, against: undefined } as const;

  test.each([0, 0.3, 0.7, 1])('is explain’s hybrid for alpha %d, at both sizes', async (alpha) => {
    const evidence = await explainPicture(oracle.model, oracle.input, { ...params, method: 'hybrid' });
    const { cam, saliencyMap } = await explain(oracle.model, oracle.input, { method: hybrid({ alpha }) });
    const map = readyMap(evidence, 'hybrid', alpha)!;
    expectClose(map.cells, cam, { absolute: 1e-6 });
    expectClose(map.at(96, 96), saliencyMap, { absolute: 1e-6 });
  });

  test('is explain’s map for the methods without alpha', async () => {
    for (const method of ['grad-cam', 'layer-cam', 'fem', 'xgrad-cam'] as const) {
      const evidence = await explainPicture(oracle.model, oracle.input, { ...params, method });
      const { saliencyMap } = await explain(oracle.model, oracle.input, { method });
      expectClose(readyMap(evidence, method, 0.7)!.at(96, 96), saliencyMap, { absolute: 1e-6 });
    }
  });

  test('evidence for and against are the positive and the negative part of the class maps', async () => {
    const evidence = await explainPicture(oracle.model, oracle.input, { ...params, method: 'hybrid' });
    const pass = await oracle.model.forward(oracle.input, { layers: [evidence.layer] });
    const maps = allClassMaps(
      pass.activations(evidence.layer).pick(0, null, null, null),
      pass.linearHead(evidence.layer)!,
    );
    const c = evidence.classIndex;
    const size = evidence.layerCam.data.length;
    expectClose(evidence.layerCam.data, pack(maps.positive).slice(c * size, (c + 1) * size), {
      absolute: 1e-5,
    });
    expectClose(evidence.opposing.data, pack(maps.negative).slice(c * size, (c + 1) * size), {
      absolute: 1e-5,
    });
    pass.dispose();
  });

  test('rememberPass runs a picture once, whatever is asked of it', async () => {
    let runs = 0;
    const { model: counted, passMs } = rememberPass({
      ...oracle.model,
      forward: (input, options) => {
        runs++;
        return oracle.model.forward(input, options);
      },
    });
    for (const classIndex of [0, 1, 2]) {
      await explainPicture(counted, oracle.input, { ...params, method: 'eigen-cam', classIndex });
    }
    expect(runs).toBe(1);
    expect(passMs()).toBeGreaterThan(0);
    await explainPicture(counted, oracle.input, { ...params, method: 'hybrid', layer: 'layer3.0' });
    expect(runs).toBe(2);
  });

  test('rememberPass gives a method of the whole network what it asks of a pass, before and after others', async () => {
    const { model } = rememberPass(oracle.model);
    const { saliencyMap } = await explain(oracle.model, oracle.input, { method: 'full-grad' });
    for (const method of ['full-grad', 'hybrid', 'full-grad'] as const) {
      const evidence = await explainPicture(model, oracle.input, { ...params, method });
      expect(evidence.other?.problem).toBeUndefined();
      if (method === 'full-grad') {
        expectClose(readyMap(evidence, method, 0.7)!.at(96, 96), saliencyMap, { absolute: 1e-6 });
      }
    }
    await model.dispose();
  });
});

test('purityMap is 1 − N/P, never below 0, and 0 where there is no evidence', () => {
  const map = (...data: number[]) => ({ data: Float32Array.from(data), height: 1, width: data.length });
  expect([...purityMap(map(4, 4, 4, 0), map(0, 1, 8, 3)).data]).toEqual([1, 0.75, 0, 0]);
});
