import { readFileSync } from 'node:fs';
import { gradCam, hybridCam, layerCam, pack, view } from '@hybridcam/core';
import { readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createBackwardPass, planBackward, tapNodes } from '../../src/autodiff/index.ts';
import { appendToModel, indexGraph, readOnnx } from '../../src/index.ts';
import { resnet50Model } from './resnet50-model.ts';

const sessionOptions: ort.InferenceSession.SessionOptions = {
  intraOpNumThreads: 2,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** Activations and gradients of the winning logit, per layer, as [K, h, w] views. */
async function explainLayers(
  bytes: Uint8Array,
  layers: readonly string[],
  input: { readonly data: Float32Array; readonly shape: readonly number[] },
  classIndex: number,
): Promise<Map<string, { activations: ReturnType<typeof view>; gradients: ReturnType<typeof view> }>> {
  const plan = await planBackward({
    graph: indexGraph(readOnnx(bytes)),
    files: new Map(),
    layers,
    scores: 'logits',
    options: { convolution: 'flip', maxPool: 'compare' },
    ort,
    sessionOptions,
    inputShape: input.shape,
  });
  const names = new Set([...plan.taps.map(({ name }) => name), ...layers]);
  const outputs = [...names].map((name) => ({ name }));
  const tapped = appendToModel(bytes, { nodes: tapNodes(plan.taps), outputs });
  const forward = await ort.InferenceSession.create(tapped, sessionOptions);
  const results = await forward.run({ input: new ort.Tensor('float32', input.data, input.shape) });
  const pass = await createBackwardPass(plan, ort, sessionOptions);
  const cotangent = new Float32Array(1000);
  cotangent[classIndex] = 1;
  const taps = new Map(Object.entries(results)) as Map<string, ort.Tensor>;
  const gradients = await pass.run(taps, new ort.Tensor('float32', cotangent, [1, 1000]));
  await forward.release();
  await pass.dispose();
  return new Map(
    layers.map((layer) => {
      const { dims, data } = gradients.get(layer)!;
      return [
        layer,
        {
          activations: view(Float32Array.from(results[layer]!.data as Float32Array), dims.slice(1)),
          gradients: view(data, dims.slice(1)),
        },
      ];
    }),
  );
}

/** max |a − b| / max |b|. */
function difference(a: Float32Array, b: ArrayLike<number>): number {
  let [worst, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= worst)) worst = d;
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return a.length === b.length ? worst / scale : Number.POSITIVE_INFINITY;
}

describe.skipIf(!sharedFolder())('gradients against PyTorch (needs ../shared)', () => {
  test.each(['n02123045_tabby', 'n02099601_golden_retriever'])(
    'MobileNetV2 from the stored input of %s: gradients and maps at layers.39 and layers.51',
    async (photo) => {
      const bytes = new Uint8Array(readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx')));
      const reference = readSafetensors(sharedFile(`reference/mobilenet_v2.${photo}.safetensors`));
      const layers = ['/layers.39/Clip_output_0', '/layers.51/Clip_output_0'];
      const classIndex = reference.get('class')!.data[0]!;
      const found = await explainLayers(bytes, layers, reference.get('input')!, classIndex);
      ['layers.39', 'layers.51'].forEach((name, i) => {
        const { activations, gradients } = found.get(layers[i]!)!;
        expect(difference(pack(gradients), reference.get(`${name}.gradients`)!.data)).toBeLessThan(2e-6);
        checkMaps(name, activations, gradients, reference, 2e-5);
      });
    },
  );

  test('ResNet-50 with computed weights: maps at layer2.3, layer3.5 and layer4.2', async () => {
    const reference = readSafetensors(sharedFile('reference/resnet50.seed0.safetensors'));
    const layers = ['layer2.3', 'layer3.5', 'layer4.2'];
    const classIndex = reference.get('class')!.data[0]!;
    const found = await explainLayers(resnet50Model(), layers, reference.get('input')!, classIndex);
    for (const name of layers) {
      const { activations, gradients } = found.get(name)!;
      checkMaps(name, activations, gradients, reference, 2e-5);
    }
  });
});

type View = ReturnType<typeof view>;

function checkMaps(
  name: string,
  activations: View,
  gradients: View,
  reference: ReturnType<typeof readSafetensors>,
  tolerance: number,
): void {
  const maps = {
    'seed.gradcam_raw': gradCam(activations, gradients),
    'seed.layercam_raw': layerCam(activations, gradients),
    'seed.hybrid.0.7': hybridCam(activations, gradients, { alpha: 0.7, preset: 'notebook' }),
  };
  for (const [key, map] of Object.entries(maps)) {
    const worst = difference(pack(map), reference.get(`${name}.${key}`)!.data);
    if (process.env['HYBRIDCAM_SHOW']) console.log(name, key, worst);
    expect(worst, `${name}.${key}`).toBeLessThan(tolerance);
  }
}
