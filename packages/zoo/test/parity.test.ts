import { createOnnxModel } from '@hybridcam/onnx';
import { sharedFolder } from '@hybridcam/test-utils';
import { createTfjsModel } from '@hybridcam/tfjs';
import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { zoo } from '../src/index.ts';
import { buildOnnx } from '../src/onnx.ts';
import { buildTfjs } from '../src/tfjs.ts';
import { computedParameters } from './computed-parameters.ts';
import { expectResnet50Parity } from './parity.ts';
import { useBackend } from './run-logits.ts';

const entry = zoo.resnet50;

describe.skipIf(!sharedFolder())('ResNet-50 of the zoo against PyTorch (needs ../shared)', () => {
  it('on ONNX Runtime: logits and maps at layer4.2, layer3.5 and layer2.3', async () => {
    const bytes = buildOnnx('resnet50', computedParameters(entry.network()));
    const model = await createOnnxModel(bytes, { ort, name: entry.name, labels: entry.classes });
    try {
      expect(model.defaultLayer).toBe('layer4.2');
      await expectResnet50Parity(model);
    } finally {
      await model.dispose();
    }
  });

  it('on TensorFlow.js (wasm): the same layers by the same names', async () => {
    await useBackend('wasm');
    const source = buildTfjs('resnet50', computedParameters(entry.network()));
    const model = await createTfjsModel(source, { labels: entry.classes });
    try {
      expect(model.defaultLayer).toBe('layer4.2');
      await expectResnet50Parity(model);
    } finally {
      await model.dispose();
      source.dispose();
    }
  });
});
