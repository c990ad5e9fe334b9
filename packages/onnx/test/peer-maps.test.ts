import { counterfactual, type ExplainRequest, explainMany, logit, view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel } from '../src/index.ts';
import { resnet50Model } from './autodiff/resnet50-model.ts';

const layers = ['layer2.3', 'layer3.5', 'layer4.2'];
const names = {
  'grad-cam': 'gradcam',
  'layer-cam': 'layercam',
  'grad-cam-plus-plus': 'gradcampp',
  'xgrad-cam': 'xgradcam',
  'hires-cam': 'hirescam',
  'element-wise-grad-cam': 'elementwise',
  'eigen-cam': 'eigencam',
  'eigen-grad-cam': 'eigengradcam',
} as const;

/**
 * Where the library's linear algebra gave the principal component the other sign: there its map shows the evidence against. Ours of the
 * counterfactual target is exactly that, since gradient times activation changes its sign and our choice of sign with it.
 */
const turned = new Set(['layer2.3.pgc.eigengradcam', 'layer3.5.pgc.eigengradcam']);

describe.skipIf(!sharedFolder())('pytorch-grad-cam’s maps of ResNet-50 (needs ../shared)', () => {
  test('every method at three layers, and several layers as one', { timeout: 120_000 }, async () => {
    const reference = readSafetensors(sharedFile('reference/resnet50.seed0.safetensors'));
    const { data, shape } = reference.get('input')!;
    const classIndex = reference.get('class')!.data[0]!;
    const preset = 'pytorch-grad-cam';
    const requests: [key: string, request: ExplainRequest][] = [];
    for (const targetLayer of layers) {
      for (const [method, name] of Object.entries(names) as [keyof typeof names, string][]) {
        const key = `${targetLayer}.pgc.${name}`;
        const own = logit(classIndex);
        const target = turned.has(key) ? counterfactual(own) : own;
        requests.push([key, { preset, targetLayer, method, target }]);
      }
    }
    for (const method of ['grad-cam', 'layer-cam'] as const) {
      const request = { preset, targetLayer: layers, layerFusion: 'mean', method, classIndex } as const;
      requests.push([`multi.pgc.${names[method]}`, request]);
    }
    const stored = [...reference.keys()].filter((key) => key.includes('pgc.'));
    expect(requests.map(([key]) => key).sort()).toEqual(stored.sort());
    const model = await createOnnxModel(resnet50Model(), { ort, name: 'resnet50' });
    const found = await explainMany(
      model,
      view(data, shape),
      requests.map(([, request]) => request),
    );
    for (const [i, [key]] of requests.entries()) {
      const { saliencyMap, status } = found[i]!;
      expect(status, key).toBe('ok');
      if (process.env['HYBRIDCAM_SHOW']) console.log(key, worst(saliencyMap.data, reference.get(key)!.data));
      expectClose(saliencyMap, reference.get(key)!, { absolute: 1e-5 });
    }
    await model.dispose();
  });
});

function worst(a: Float32Array, b: ArrayLike<number>): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
