import { readFileSync } from 'node:fs';
import { createOnnxModel } from '@hybridcam/onnx';
import {
  exampleScenes,
  generateScene,
  heldOutSeed,
  loadScenesNetwork,
  type SceneOptions,
  sceneClasses,
} from '@hybridcam/scenes';
import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { scenesOnnxModel } from '../src/onnx.ts';

/** Written by tooling/scenes/reference_logits.py. */
const reference = JSON.parse(
  readFileSync(new URL('fixtures/scenes-logits.json', import.meta.url), 'utf8'),
) as { readonly weights: string; readonly logits: readonly (readonly number[])[] };

/** Scenes as the network reads them: [scenes, 3, 96, 96]. */
function toInput(requests: readonly SceneOptions[]): ort.Tensor {
  const plane = 96 * 96;
  const values = new Float32Array(requests.length * 3 * plane);
  requests.forEach((options, n) => {
    const { data } = generateScene({ ...options, size: 96 }).image;
    for (let i = 0; i < 3 * plane; i++) {
      const channel = Math.floor(i / plane);
      values[n * 3 * plane + i] = (data[4 * (i % plane) + channel]! / 255 - 0.5) / 0.5;
    }
  });
  return new ort.Tensor('float32', values, [requests.length, 3, 96, 96]);
}

async function logitsOf(requests: readonly SceneOptions[]): Promise<Float32Array[]> {
  const session = await ort.InferenceSession.create(await scenesOnnxModel());
  const { logits } = await session.run({ input: toInput(requests) });
  await session.release();
  expect(logits!.dims).toEqual([requests.length, 10]);
  const scores = logits!.data as Float32Array;
  return requests.map((_, i) => scores.slice(10 * i, 10 * i + 10));
}

describe('scenesOnnxModel', () => {
  it('gives PyTorch’s logits on held-out scenes within 1e-4', async () => {
    expect((await loadScenesNetwork()).sha256).toBe(reference.weights);
    const scores = await logitsOf(
      reference.logits.map((_, n) => ({
        seed: heldOutSeed + 900_000 + n,
        className: sceneClasses[n % sceneClasses.length]!,
      })),
    );
    reference.logits.forEach((expected, n) => {
      expected.forEach((logit, c) => {
        expect(Math.abs(scores[n]![c]! - logit)).toBeLessThanOrEqual(1e-4);
      });
    });
  });

  it('names what the example scenes show', async () => {
    const scores = await logitsOf(exampleScenes.map(({ options }) => options));
    exampleScenes.forEach(({ name }, n) => {
      const shown = name.split('-and-').sort();
      const ranked = sceneClasses.toSorted(
        (a, b) => scores[n]![sceneClasses.indexOf(b)]! - scores[n]![sceneClasses.indexOf(a)]!,
      );
      expect(ranked.slice(0, shown.length).sort()).toEqual(shown);
    });
  });

  it('always gives the same bytes', async () => {
    const again = await scenesOnnxModel(await loadScenesNetwork());
    expect(Buffer.compare(await scenesOnnxModel(), again)).toBe(0);
  });

  it('has PyTorch’s layer names, gradients in closed form at the last one', async () => {
    const model = await createOnnxModel(await scenesOnnxModel(), {
      ort,
      name: 'scenes',
      labels: sceneClasses,
    });
    try {
      expect(model.defaultLayer).toBe('layer4.1');
      expect(model.resolveLayer('layer4.1')).toMatchObject({ shape: [128, 12, 12], gradient: 'constant' });
      expect(model.resolveLayer('layer1.1').shape).toEqual([48, 24, 24]);
      for (const name of ['layer1.0', 'layer2.0', 'layer2.1', 'layer3.0', 'layer3.1', 'layer4.0']) {
        expect(model.resolveLayer(name).name).toBe(name);
      }
    } finally {
      await model.dispose();
    }
  });
});
