import { generateScene, heldOutSeed } from '@hybridcam/scenes';
import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  type ExplainRequest,
  explainMany,
  loadModel,
  type MethodCall,
  type MethodName,
  methodNames,
  methods,
} from '../src/index.ts';

/** Methods that run the model many times, with as few runs as still show every step of theirs. */
const few: Partial<Record<MethodName, Record<string, number>>> = {
  'smooth-grad-cam-plus-plus': { draws: 2 },
  'score-cam': { channels: 8 },
  'ss-cam': { draws: 2, channels: 4 },
  'is-cam': { points: 3, channels: 4 },
  rise: { masks: 16 },
  occlusion: { window: 24, stride: 24 },
};
// Twenty scenes on every backend, browsers included: node tooling/reference/tfjs/parity.mjs --network scenes.
/** TensorFlow.js hands out no parts of the whole network. */
const calls: readonly MethodCall[] = methodNames
  .filter((name) => !['shares', 'attention', 'blocks'].includes(methods[name].needs))
  .map((name) => (few[name] === undefined ? { name } : { name, settings: few[name] }));
const earlier = 'layer2.1';
/** The last layer, where gradients have a closed form, and an earlier one, where they do not. */
const requests: readonly ExplainRequest[] = [
  ...calls.map((method) => ({ method })),
  ...calls
    .filter(({ name }) => {
      const { layers, needs, elsewhere } = methods[name];
      return layers === 1 && (needs !== 'head' || elsewhere !== undefined);
    })
    .map((method) => ({ method, targetLayer: earlier })),
];

describe('the scenes network on ONNX Runtime and on TensorFlow.js', () => {
  it('gives the same logits and the same map by every method of layers and runs, at the last layer within 5e-6 and at an earlier one within 1e-4', {
    timeout: 60_000,
  }, async () => {
    const onnx = await loadModel('scenes');
    const tfjs = await loadModel('scenes', { runtime: 'tfjs' });
    try {
      expect(tfjs.defaultLayer).toBe(onnx.defaultLayer);
      const seen = new Set<string>();
      for (let i = 0; i < 2; i++) {
        const { image } = generateScene({ seed: heldOutSeed + i });
        const [a, b] = [await explainMany(onnx, image, requests), await explainMany(tfjs, image, requests)];
        expectClose(b[0]!.scores.logits!, a[0]!.scores.logits!, { absolute: 1e-4 });
        for (const [j, explanation] of a.entries()) {
          const { method, targetLayer } = requests[j]!;
          expect(b[j]!.record.targetLayers).toEqual(explanation.record.targetLayers);
          expectClose(b[j]!.cam, explanation.cam, { relativeToMax: targetLayer === earlier ? 1e-4 : 5e-6 });
          if (explanation.cam.data.some((value) => value > 0))
            seen.add(`${JSON.stringify(method)} ${targetLayer}`);
        }
      }
      // Two empty maps agree about nothing.
      expect(seen.size).toBe(requests.length);
    } finally {
      await onnx.dispose();
      await tfjs.dispose();
    }
  });
});
