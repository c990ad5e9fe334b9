import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { bakeMethods, createOnnxModel, type OrtRuntime } from '../../src/index.ts';
import { toyModel } from '../toy-model.ts';
import { bakedDifference } from './baked-run.ts';

web.env.wasm.numThreads = 1;
const runtimes: readonly (readonly [string, OrtRuntime])[] = [
  ['onnxruntime-node', node],
  ['onnxruntime-web (wasm)', web],
];

for (const [name, ort] of runtimes) {
  describe(`bakeModel on ${name}`, () => {
    for (const method of bakeMethods) {
      test(`${method} equals explain at the last layer and before it`, async () => {
        const bytes = toyModel();
        const model = await createOnnxModel(bytes, { ort, name: 'toy.onnx' });
        try {
          const cross = method === 'cross-layer-hybrid';
          for (const layer of ['block', 'stem']) {
            const layers = cross ? [layer, 'stem'] : [layer];
            const worst = await bakedDifference({ model, ort, bytes, layers, method });
            expect(worst.cam).toBeLessThan(1e-5);
            expect(worst.saliency).toBeLessThan(1e-5);
          }
        } finally {
          await model.dispose();
        }
      });
    }
  });
}
