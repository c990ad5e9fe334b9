import { gradCam, hybridCam, layerCam, view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { describe, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { resnet50 } from './resnet50.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const LAYERS = ['layer2.3', 'layer3.5', 'layer4.2'];

describe.skipIf(!sharedFolder())('ResNet-50 agrees with PyTorch (needs ../shared)', () => {
  test.each(nodeBackends)('on %s', async (backend) => {
    await useBackend(backend);
    const reference = readSafetensors(sharedFile('reference/resnet50.seed0.safetensors'));
    const of = (key: string) => reference.get(key)!;
    const source = resnet50();
    const model = await createTfjsModel(source);
    const pass = await model.forward(view(of('input').data, of('input').shape), { layers: LAYERS });
    expectClose(pass.logits.data, of('logits').data, { relativeToMax: 2e-5 });
    const cotangent = new Float32Array(1000);
    cotangent[of('class').data[0]!] = 1;
    const gradients = await pass.gradients(LAYERS, view(cotangent, [1, 1000]));
    for (const layer of LAYERS) {
      const [, channels, height, width] = pass.activations(layer).shape as [number, number, number, number];
      const activations = view(pass.activations(layer).data, [channels, height, width]);
      const { data, shape } = gradients.get(layer)!;
      const gradient = view(data, shape.length === 4 ? [channels, height, width] : [channels]);
      expectClose(gradCam(activations, gradient), of(`${layer}.seed.gradcam_raw`), { relativeToMax: 1e-4 });
      expectClose(layerCam(activations, gradient), of(`${layer}.seed.layercam_raw`), { relativeToMax: 1e-4 });
      for (const alpha of [0, 0.3, 0.5, 0.7, 1]) {
        const map = minMax(hybridCam(activations, gradient, { alpha }).data);
        expectClose(map, of(`${layer}.seed.hybrid.${alpha.toFixed(1)}`).data, { absolute: 1e-4 });
      }
    }
    pass.dispose();
    await model.dispose();
    source.dispose();
  });
});

/** The reference notebook's last step. */
function minMax(map: Float32Array): Float32Array {
  const [low, high] = [Math.min(...map), Math.max(...map)];
  return map.map((value) => (value - low) / (high - low + 1e-10));
}
