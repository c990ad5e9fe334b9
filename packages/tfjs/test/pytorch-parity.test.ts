import { view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { loadSharedModel } from './load-shared-model.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const LAYERS = [
  { reference: 'layers.51', name: 'conv_51_relu6' },
  { reference: 'layers.39', name: 'conv_39_relu6' },
] as const;

// The gradients of layers.39 pass through masks of relu6: an activation that rounds to the other side of a kink flips
// one of them. Over these photographs none does.
describe.skipIf(!sharedFolder())('MobileNetV2 agrees with PyTorch (needs ../shared)', () => {
  describe.each(nodeBackends)('on %s', (backend) => {
    let source: LayersModel;
    beforeAll(async () => {
      await useBackend(backend);
      source = await loadSharedModel();
    });
    afterAll(() => {
      source.dispose();
    });

    test.each(['n02123045_tabby', 'n02099601_golden_retriever'])(
      'logits, activations and gradients of %s',
      { timeout: 300_000 },
      async (photo) => {
        const reference = readSafetensors(sharedFile(`reference/mobilenet_v2.${photo}.safetensors`));
        const input = reference.get('input')!;
        const classIndex = reference.get('class')!.data[0]!;
        const model = await createTfjsModel(source);
        const names = LAYERS.map(({ name }) => name);
        const pass = await model.forward(view(input.data, input.shape), { layers: names });
        const cotangent = new Float32Array(model.classCount);
        cotangent[classIndex] = 1;
        const gradients = await pass.gradients(names, view(cotangent, [1, model.classCount]));

        expectClose(pass.logits.data, reference.get('logits')!.data, { relativeToMax: 1e-5 });
        for (const { reference: key, name } of LAYERS) {
          const expected = reference.get(`${key}.gradients`)!;
          const activations = pass.activations(name);
          expectClose(activations.data, reference.get(`${key}.activations`)!.data, { relativeToMax: 3e-5 });
          const { data, shape } = gradients.get(name)!;
          const cells = activations.shape[2]! * activations.shape[3]!;
          const full = shape.length === 4 ? data : expected.data.map((_, i) => data[Math.floor(i / cells)]!);
          expectClose(full, expected.data, { relativeToMax: 2e-6 });
        }
        pass.dispose();
        await model.dispose();
      },
    );

    test('the last layer is found by itself and has a linear head', async () => {
      const model = await createTfjsModel(source);
      expect(model.defaultLayer).toBe('conv_51_relu6');
      expect(model.resolveLayer('last')).toMatchObject({
        shape: [1280, 7, 7],
        stride: 32,
        gradient: 'constant',
        parameterCount: 2_206_816,
      });
      expect(model.classCount).toBe(1000);
      await model.dispose();
    });
  });
});
