import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { parameterCount, zoo } from '../src/index.ts';
import { buildOnnx } from '../src/onnx.ts';
import { buildTfjs } from '../src/tfjs.ts';
import { computedInput, computedParameters } from './computed-parameters.ts';
import { onnxLogits, tfjsLogits, useBackend } from './run-logits.ts';
import { expectTorchvisionLogits, torchvisionLogits } from './torchvision-logits.ts';

describe('every network of the zoo', () => {
  it.each(Object.values(zoo))('$name has torchvision’s number of parameters', ({ name, network }) => {
    expect(parameterCount(network())).toBe(torchvisionLogits[name]!.parameters);
  });
});

describe.each(['resnet18', 'mobilenet_v2'] as const)('%s with computed weights', (name) => {
  const parameters = computedParameters(zoo[name].network());
  const input = computedInput();

  it.each([true, false])('buildOnnx: torchvision’s logits, batch norm folded: %s', async (foldBatchNorm) => {
    const bytes = buildOnnx(name, parameters, { foldBatchNorm });
    expectTorchvisionLogits(name, await onnxLogits(bytes, input));
  });

  it.each([true, false])(
    'buildTfjs on wasm: torchvision’s logits, batch norm folded: %s; no tensor is left',
    async (foldBatchNorm) => {
      await useBackend('wasm');
      const before = tf.memory().numTensors;
      const model = buildTfjs(name, parameters, { foldBatchNorm });
      expectTorchvisionLogits(name, await tfjsLogits(model, input));
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('folding leaves the checkpoint as it was', () => {
    const before = new Map([...parameters].map(([key, { data }]) => [key, data.slice(0, 50)]));
    buildOnnx(name, parameters);
    for (const [key, { data }] of parameters) expect(data.slice(0, 50)).toEqual(before.get(key));
  });
});
