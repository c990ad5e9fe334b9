import { generateScene } from '@hybridcam/scenes';
import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { explainMany, loadModel, type MethodName } from '../src/index.ts';

/** Everything that needs one forward and at most one backward pass. */
const methods: readonly MethodName[] = [
  'grad-cam',
  'layer-cam',
  'hybrid',
  'cross-layer-hybrid',
  'grad-cam-plus-plus',
  'xgrad-cam',
  'hires-cam',
  'element-wise-grad-cam',
  'cam',
];

describe('the scenes network on ONNX Runtime and on TensorFlow.js', () => {
  it('gives the same logits and the same map by every method, within 1e-4', async () => {
    const onnx = await loadModel('scenes');
    const tfjs = await loadModel('scenes', { runtime: 'tfjs' });
    try {
      expect(tfjs.defaultLayer).toBe(onnx.defaultLayer);
      for (let seed = 0; seed < 8; seed++) {
        const { image } = generateScene({ seed: 60_000_000 + seed });
        const requests = methods.map((method) => ({ method }));
        const [a, b] = [await explainMany(onnx, image, requests), await explainMany(tfjs, image, requests)];
        expectClose(b[0]!.scores.logits!, a[0]!.scores.logits!, { absolute: 1e-4 });
        for (const [i, explanation] of a.entries()) {
          expect(b[i]!.record.targetLayers).toEqual(explanation.record.targetLayers);
          expectClose(b[i]!.cam, explanation.cam, { absolute: 1e-4 });
        }
      }
    } finally {
      await onnx.dispose();
      await tfjs.dispose();
    }
  });
});
