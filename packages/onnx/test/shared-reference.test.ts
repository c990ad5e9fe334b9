import { readFileSync } from 'node:fs';
import { gradCam, hybridCam, layerCam, view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel } from '../src/index.ts';

// What PyTorch says about the same weights and input; the folder lies beside the repository, or not.
describe.skipIf(!sharedFolder())('MobileNetV2 on ImageNet (needs ../shared)', () => {
  const load = () =>
    createOnnxModel(readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx')), {
      ort,
      name: 'mobilenet_v2',
    });

  test('its layers are named by module path', async () => {
    const model = await load();
    expect(model.defaultLayer).toBe('layers.51');
    expect(model.resolveLayer('layers.51').aliases).toContain('/layers.51/Clip_output_0');
    expect(model.resolveLayer('layers.39').aliases).toContain('/layers.39/Clip_output_0');
    expect(model.resolveLayer('layers.51')).toMatchObject({
      shape: [1280, 7, 7],
      stride: 32,
      gradient: 'constant',
    });
    expect(model.resolveLayer('layers.39')).toMatchObject({ shape: [576, 14, 14], stride: 16 });
    expect(model.classCount).toBe(1000);
    await model.dispose();
  });

  test.each(['n02123045_tabby', 'n02099601_golden_retriever'])(
    '%s: logits, activations, gradients and maps',
    async (photo) => {
      const reference = readSafetensors(sharedFile(`reference/mobilenet_v2.${photo}.safetensors`));
      const of = (key: string) => reference.get(key)!;
      const model = await load();
      const pass = await model.forward(view(of('input').data, of('input').shape), { layers: ['layers.51'] });
      expectClose(pass.logits.data, of('logits').data, { relativeToMax: 1e-5 });
      const activations = pass.activations('layers.51');
      expectClose(activations.data, of('layers.51.activations').data, { relativeToMax: 5e-5 });
      const cotangent = new Float32Array(1000);
      cotangent[of('class').data[0]!] = 1;
      const found = await pass.gradients(['layers.51'], view(cotangent, [1, 1000]));
      const gradient = found.get('layers.51')!;
      expect(gradient.shape).toEqual([1, 1280]);
      const spread = of('layers.51.gradients').data.map((_, i) => gradient.data[Math.floor(i / 49)]!);
      expectClose(spread, of('layers.51.gradients').data, { relativeToMax: 1e-6 });
      const map = activations.pick(0, null, null, null);
      const weights = gradient.pick(0, null);
      const grad = gradCam(map, weights);
      const layer = layerCam(map, weights);
      expectClose(grad, of('layers.51.seed.gradcam_raw'), { relativeToMax: 1e-4 });
      expectClose(layer, of('layers.51.seed.layercam_raw'), { relativeToMax: 1e-4 });
      for (const alpha of [0, 0.3, 0.5, 0.7, 1]) {
        const hybrid = hybridCam(map, weights, { alpha, preset: 'notebook' });
        const key = `layers.51.seed.hybrid.${alpha.toFixed(1)}`;
        expectClose(hybrid, of(key), { absolute: 1e-4 });
      }
      await model.dispose();
    },
  );
});
