import { gradCam, hybridCam, layerCam, type Model, pack, view } from '@hybridcam/core';
import { readSafetensors, sharedFile } from '@hybridcam/test-utils';
import { expect } from 'vitest';

/** PyTorch's numbers for ResNet-50 with computed weights, on a photograph. */
export const resnet50Reference = (): ReturnType<typeof readSafetensors> =>
  readSafetensors(sharedFile('reference/resnet50.seed0.safetensors'));

const LAYERS = ['layer4.2', 'layer3.5', 'layer2.3'];

/** Logits, Grad-CAM, LayerCAM and the hybrid at three layers, each within 1e-5 of its largest value. */
export async function expectResnet50Parity(model: Model): Promise<void> {
  const reference = resnet50Reference();
  const input = reference.get('input')!;
  const pass = await model.forward(view(input.data, input.shape), { layers: LAYERS });
  try {
    expect(difference(pass.logits.data, reference.get('logits')!.data)).toBeLessThan(1e-5);
    const cotangent = new Float32Array(1000);
    cotangent[reference.get('class')!.data[0]!] = 1;
    const gradients = await pass.gradients(LAYERS, view(cotangent, [1, 1000]));
    for (const layer of LAYERS) {
      const activations = pass.activations(layer).pick(0);
      const gradient = gradients.get(layer)!.pick(0);
      const maps = {
        'seed.gradcam_raw': gradCam(activations, gradient),
        'seed.layercam_raw': layerCam(activations, gradient),
        ...Object.fromEntries(
          [0, 0.3, 0.5, 0.7, 1].map((alpha) => [
            `seed.hybrid.${alpha.toFixed(1)}`,
            hybridCam(activations, gradient, { alpha, preset: 'notebook' }),
          ]),
        ),
      };
      for (const [key, map] of Object.entries(maps)) {
        const worst = difference(pack(map), reference.get(`${layer}.${key}`)!.data);
        if (process.env['HYBRIDCAM_SHOW']) console.log(model.identity.runtime, layer, key, worst);
        expect(worst, `${layer}.${key}`).toBeLessThan(1e-5);
      }
    }
  } finally {
    pass.dispose();
  }
}

/** max |a − b| / max |b|; infinite where lengths differ or anything is NaN. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= worst)) worst = d;
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return a.length === b.length && !Number.isNaN(worst) ? worst / scale : Number.POSITIVE_INFINITY;
}
