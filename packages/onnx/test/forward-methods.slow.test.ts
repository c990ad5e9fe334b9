import { readFileSync } from 'node:fs';
import { explain, forwardCount, view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel } from '../src/index.ts';

// 1280 forward passes per photograph, which pytorch-grad-cam made too.
describe.skipIf(!sharedFolder())('Score-CAM of MobileNetV2 (needs ../shared)', () => {
  test.each(['n02123045_tabby', 'n02099601_golden_retriever'])(
    'explain(…, score-cam, pytorch-grad-cam) equals that library: %s',
    async (photo) => {
      const reference = readSafetensors(sharedFile(`reference/mobilenet_v2.${photo}.safetensors`));
      const { data, shape } = reference.get('input')!;
      const bytes = readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx'));
      const model = await createOnnxModel(bytes, { ort, name: 'mobilenet_v2' });
      const request = { method: 'score-cam', preset: 'pytorch-grad-cam' } as const;
      expect(forwardCount(model, request)).toBe(1281);
      const evaluated: number[] = [];
      const explanation = await explain(model, view(data, shape), {
        ...request,
        onProgress: ({ step, done }) => {
          if (step === 'evaluations') evaluated.push(done);
        },
      });
      expect(evaluated.at(-1)).toBe(1280);
      const expected = reference.get('layers.51.pgc.scorecam')!;
      expectClose(explanation.saliencyMap, expected, { absolute: 1e-4 });
      await model.dispose();
    },
  );
});
