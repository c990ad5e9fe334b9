import { allClassMaps, ShapeError, view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createClassMaps } from '../src/index.ts';
import { randomFloats } from './toy-model.ts';

describe('createClassMaps', () => {
  const head = { weights: view(randomFloats(1, 300), [20, 15]), bias: view(randomFloats(2, 20), [20]) };

  test('equals allClassMaps of core, for activations of any sign and size', async () => {
    const maps = await createClassMaps(ort, head);
    for (const [height, width] of [
      [3, 4],
      [7, 7],
    ] as const) {
      const activations = view(randomFloats(3, 15 * height * width), [15, height, width]);
      const expected = allClassMaps(activations, head);
      const actual = await maps.run(activations);
      expect(actual.positive.shape).toEqual([20, height, width]);
      expectClose(actual.positive, expected.positive, { relativeToMax: 1e-6 });
      expectClose(actual.negative, expected.negative, { relativeToMax: 1e-6 });
    }
    await maps.dispose();
  });

  test('refuses activations of another layer', async () => {
    const maps = await createClassMaps(ort, head);
    await expect(maps.run(view(new Float32Array(16 * 4), [16, 2, 2]))).rejects.toThrow(ShapeError);
    await maps.dispose();
  });
});
