import { readFileSync } from 'node:fs';
import {
  type ArrayView,
  counterfactual,
  type ExplainRequest,
  eigenGradCam,
  explain,
  explainMany,
  logit,
  type NdArray,
  normalize,
  presets,
  upsample,
  view,
} from '@hybridcam/core';
import {
  expectClose,
  pytorchGradCamNames,
  readSafetensors,
  sharedFile,
  sharedFolder,
} from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel } from '../src/index.ts';
import { resnet50Model } from './autodiff/resnet50-model.ts';

const layers = ['layer2.3', 'layer3.5', 'layer4.2'];
const names = {
  ...pytorchGradCamNames,
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

describe.skipIf(!sharedFolder())('pytorch-grad-cam’s principal maps of MobileNetV2 (needs ../shared)', () => {
  test.each([
    ['n02123045_tabby', ['eigencam', 'eigengradcam']],
    ['n02099601_golden_retriever', ['eigencam']],
    ['n04285008_sports_car', ['eigencam']],
    ['n07753592_banana', ['eigencam', 'eigengradcam']],
  ])('%s, turned at layers.39: %s', { timeout: 120_000 }, async (photo, turnedAt39) => {
    const reference = readSafetensors(sharedFile(`reference/mobilenet_v2.${photo}.safetensors`));
    const { data, shape } = reference.get('input')!;
    const own = logit(reference.get('class')!.data[0]!);
    const bytes = readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx'));
    const model = await createOnnxModel(bytes, { ort, name: 'mobilenet_v2' });
    const pass = await model.forward(view(data, shape), { layers: ['layers.39'] });
    const activations = pass.activations('layers.39').pick(0, null, null, null);
    for (const targetLayer of ['layers.39', 'layers.51']) {
      for (const method of ['eigen-cam', 'eigen-grad-cam'] as const) {
        const key = `${targetLayer}.pgc.${names[method]}`;
        const isTurned = targetLayer === 'layers.39' && turnedAt39.includes(names[method]);
        const target = isTurned ? counterfactual(own) : own;
        const request = { preset: 'pytorch-grad-cam', targetLayer, method, target } as const;
        const map =
          isTurned && method === 'eigen-cam'
            ? turnedEigenCam(activations)
            : (await explain(model, view(data, shape), request)).saliencyMap;
        expectClose(map, reference.get(key)!, { absolute: 1e-5 });
      }
    }
    pass.dispose();
    await model.dispose();
  });
});

/** The other side of Eigen-CAM’s component: Eigen-Grad-CAM of a gradient that is −1 everywhere, finished as that library does. */
function turnedEigenCam(activations: ArrayView): NdArray<Float32Array> {
  const channels = activations.shape[0]!;
  const { epsilon } = presets['pytorch-grad-cam'];
  const finish = (map: NdArray<Float32Array>) => normalize(map, 'minmax', { epsilon });
  const raw = eigenGradCam(activations, view(new Float32Array(channels).fill(-1), [channels]));
  return finish(upsample(finish(raw), 224, 224));
}

function worst(a: Float32Array, b: ArrayLike<number>): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
