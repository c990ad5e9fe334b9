import { readFileSync } from 'node:fs';
import { view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel } from '../../src/index.ts';

interface Head {
  readonly files: readonly string[];
  readonly input: readonly number[];
  readonly activations: readonly number[];
  readonly logits: readonly number[];
  readonly classes: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}

interface Fixture {
  readonly shape: readonly number[];
  readonly layer: readonly number[];
  readonly heads: Readonly<Record<string, Head>>;
}

// Made by tooling/reference/onnx/export_heads.py with torch 2.13.
const folder = new URL('../fixtures/', import.meta.url);
const fixture = JSON.parse(readFileSync(new URL('heads.json', folder), 'utf8')) as Fixture;
const linear = [
  'linear',
  'view',
  'matmul',
  'convolution',
  'average_pool',
  'softmax',
  'batch_norm',
  'two_linear',
];

describe('gradients: closed form of exported heads equals torch in float64', () => {
  for (const [name, head] of Object.entries(fixture.heads)) {
    test.each(head.files)('%s', async (file) => {
      const bytes = readFileSync(new URL(file, folder));
      const model = await createOnnxModel(bytes, { ort, name: file });
      const layer = model.resolveLayer(model.defaultLayer);
      expect(layer.blockedBy).toBeUndefined();
      expect(layer.gradient).toBe(name === 'max_pool' ? 'varying' : 'constant');
      const input = view(Float32Array.from(head.input), fixture.shape);
      const pass = await model.forward(input, { layers: ['last'] });
      expect(pass.scoreKind).toBe('logit');
      expectClose(pass.logits.data, head.logits, { relativeToMax: 2e-6 });
      const map = pass.activations('last');
      // The layer of class_maps lies one ReLU and one convolution behind the trunk.
      if (name !== 'class_maps') expectClose(map.data, head.activations, { relativeToMax: 2e-6 });
      const cells = map.shape[2]! * map.shape[3]!;
      for (const [i, classIndex] of head.classes.entries()) {
        const cotangent = new Float32Array(2 * model.classCount);
        cotangent[classIndex] = 1;
        cotangent[model.classCount + classIndex] = 1;
        const found = await pass.gradients(['last'], view(cotangent, [2, model.classCount]));
        const gradient = found.get('last')!;
        if (name === 'class_maps') {
          const expected = cotangent.map((value) => value / cells);
          expectClose(gradient.data, expected, {});
          continue;
        }
        const dense =
          gradient.shape.length === 4
            ? gradient.data
            : head.activations.map((_, j) => gradient.data[Math.floor(j / cells)]!);
        expectClose(dense, head.gradients[i]!, { relativeToMax: 1e-6 });
      }
      expect(pass.linearHead('last') !== undefined).toBe(linear.includes(name) || name === 'class_maps');
      await model.dispose();
    });
  }
});
