import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { explain, forwardCount, type NdArray, pack, view } from '../../src/index.ts';
import { toyInput, toyModel } from '../toy-model.ts';

const mirror = (map: NdArray<Float32Array>): NdArray<Float32Array> => map.step(1, -1);
const times = (factor: number, mirrored: boolean): NdArray<Float32Array> => {
  const input = toyInput();
  const turned = mirrored ? input.step(1, 1, 1, -1) : input;
  return view(
    pack(turned).map((value) => value * factor),
    input.shape,
  );
};

describe('explain(…, { augmentationSmoothing })', () => {
  // A gain per cell makes the map of the mirror image another one than the mirrored map.
  const earlyGain = Array.from({ length: 16 }, (_, i) => 1 + i / 4);
  const request = { method: 'grad-cam', targetLayer: 'early', classIndex: 2 } as const;

  it('is the mean of the maps of six inputs, those of mirror images turned back', async () => {
    const model = toyModel({ earlyGain });
    const found = await explain(model, toyInput(), { ...request, augmentationSmoothing: true });
    const cam = new Float64Array(16);
    const saliencyMap = new Float64Array(16);
    for (const mirrored of [false, true]) {
      for (const factor of [0.9, 1, 1.1]) {
        const single = await explain(model, times(factor, mirrored), request);
        const turn = mirrored ? mirror : (map: NdArray<Float32Array>) => map;
        pack(turn(single.cam)).forEach((value, i) => {
          cam[i]! += value / 6;
        });
        pack(turn(single.saliencyMap)).forEach((value, i) => {
          saliencyMap[i]! += value / 6;
        });
      }
    }
    expectClose(pack(found.cam), cam, { absolute: 1e-6 });
    expectClose(pack(found.saliencyMap), saliencyMap, { absolute: 1e-6 });
    expect(found.range.unit).toBe('relative');
    expect(found.record.smoothing).toEqual(['augmentation']);
    expect(found.record.range).toEqual(found.range);
  });

  it('explains in all six the class that the image itself has', async () => {
    const model = toyModel();
    const seen: number[] = [];
    await explain(model, toyInput(), {
      ...request,
      classIndex: 'top1',
      target: (classIndex) => ({
        description: 'counted',
        classIndex,
        linear: false,
        value: (scores) => scores[classIndex]!,
        gradient: (scores) => {
          seen.push(classIndex);
          return new Float64Array(scores.length).fill(1, classIndex, classIndex + 1);
        },
      }),
      augmentationSmoothing: true,
    });
    expect(seen).toEqual(new Array(6).fill(0));
    expect(model.calls).toMatchObject({ forward: 6, disposed: 6 });
  });

  it('costs six passes and reports each', async () => {
    const steps: string[] = [];
    const model = toyModel();
    await explain(model, toyInput(), {
      ...request,
      augmentationSmoothing: true,
      onProgress: ({ step, done, total }) => {
        steps.push(`${step} ${done}/${total}`);
      },
    });
    const evaluations = [1, 2, 3, 4, 5].map((done) => `evaluations ${done}/5`);
    expect(steps).toEqual(['forward 1/1', 'gradients 1/1', ...evaluations, 'maps 1/1']);
    expect(forwardCount(model, { ...request, augmentationSmoothing: true })).toBe(6);
  });

  it('keeps the reason of an image without positive evidence', async () => {
    const found = await explain(toyModel(), times(0, false), { ...request, augmentationSmoothing: true });
    expect(found.status).toBe('zero-activations');
    expectClose(pack(found.saliencyMap), new Float32Array(16));
  });
});

describe('explain(…, { eigenSmoothing })', () => {
  it('joins the terms of the method, and the record says so', async () => {
    const model = toyModel({ earlyGain: Array.from({ length: 16 }, (_, i) => 1 + i) });
    const request = { method: 'hires-cam', targetLayer: 'early', classIndex: 2 } as const;
    const smoothed = await explain(model, toyInput(), { ...request, eigenSmoothing: true });
    // HiResCAM's terms are gradient times activation: the principal component of those is Eigen-Grad-CAM.
    const expected = await explain(model, toyInput(), { ...request, method: 'eigen-grad-cam' });
    expectClose(smoothed.cam, expected.cam, { absolute: 1e-6 });
    expect(smoothed.record.smoothing).toEqual(['eigen']);
    const plain = await explain(model, toyInput(), request);
    expect(pack(plain.cam)).not.toEqual(pack(smoothed.cam));
  });

  it('is refused for methods that are no sum over channels, naming those that are', async () => {
    for (const method of ['hybrid', 'eigen-cam', 'rise', 'score-cam'] as const) {
      await expect(explain(toyModel(), toyInput(), { method, eigenSmoothing: true })).rejects.toThrow(
        new RegExp(`eigenSmoothing; received ${method}. These do: grad-cam, layer-cam`),
      );
    }
  });
});
