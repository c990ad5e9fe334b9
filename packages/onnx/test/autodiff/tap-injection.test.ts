import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '@hybridcam/test-utils';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { createBackwardPass, createGradientSession, differentiate } from '../../src/autodiff/index.ts';
import type { OrtRuntime } from '../../src/index.ts';

web.env.wasm.numThreads = 1;

// Made by tooling/reference/onnx-gradients/tiny_fixtures.py: float64 autograd over the same file, rounded once.
const folder = fileURLToPath(new URL('./fixtures', import.meta.url));
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -5));

/** max |a − b| / max |b|. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= worst)) worst = d;
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return a.length === b.length ? worst / scale : Number.POSITIVE_INFINITY;
}

function load(name: string): {
  bytes: Uint8Array;
  tensors: ReturnType<typeof readSafetensors>;
  layers: string[];
} {
  const bytes = new Uint8Array(readFileSync(`${folder}/${name}.onnx`));
  const tensors = readSafetensors(`${folder}/${name}.safetensors`);
  const layers = [...tensors.keys()].filter((key) => key.startsWith('gradient:')).map((key) => key.slice(9));
  return { bytes, tensors, layers };
}

describe('differentiate against float64 autograd', () => {
  const variants = [
    { runtime: 'onnxruntime-node', ort: node as OrtRuntime, convolution: 'flip', maxPool: 'compare' },
    { runtime: 'onnxruntime-node', ort: node as OrtRuntime, convolution: 'transpose', maxPool: 'indices' },
    { runtime: 'onnxruntime-web (wasm)', ort: web as OrtRuntime, convolution: 'flip', maxPool: 'compare' },
  ] as const;

  for (const { runtime, ort, ...rules } of variants) {
    test.each(fixtures)(
      `%s: PyTorch's activations injected (${runtime}, ${rules.convolution}, ${rules.maxPool})`,
      async (name) => {
        const { bytes, tensors, layers } = load(name);
        const tensor = (key: string): node.Tensor => {
          const { data, shape } = tensors.get(key)!;
          return new ort.Tensor('float32', data, shape);
        };
        const { shape } = tensors.get('input')!;
        const plan = await differentiate(bytes, { ort, wrt: layers, inputShape: shape, ...rules });
        // What no gradient flows through (scales computed from shapes) comes from our own forward run.
        const forward = await ort.InferenceSession.create(plan.forwardModel);
        const own = await forward.run({ input: tensor('input') });
        const taps = new Map<string, node.Tensor>();
        for (const { name: tap, mask } of plan.taps) {
          const source = mask && tensors.get(`tap:${mask.of}`);
          if (source) {
            const { above = mask.bounds ? -Infinity : 0, below = Infinity } = mask.bounds ?? {};
            const within = Array.from(source.data, (value) => value > above && value < below);
            taps.set(tap, new ort.Tensor('bool', within, source.shape));
          } else if (tap === 'input') taps.set(tap, tensor('input'));
          else taps.set(tap, tensors.has(`tap:${tap}`) ? tensor(`tap:${tap}`) : (own[tap] as node.Tensor));
        }
        const pass = await createBackwardPass(plan, ort, {});
        const gradients = await pass.run(taps, tensor('cotangent'));
        for (const layer of layers) {
          const worst = difference(gradients.get(layer)!.data, tensors.get(`gradient:${layer}`)!.data);
          expect(worst, `at ${layer}`).toBeLessThan(2e-6);
        }
        await pass.dispose();
        await forward.release();
      },
    );
  }

  test.each(fixtures)('%s: our own forward and backward, scores and gradients', async (name) => {
    const { bytes, tensors, layers } = load(name);
    const { data, shape } = tensors.get('input')!;
    const session = await createGradientSession(bytes, { ort: node, wrt: layers, inputShape: shape });
    const run = await session.run(new node.Tensor('float32', data, shape));
    expect(difference(run.scores.data, tensors.get('scores')!.data)).toBeLessThan(1e-5);
    const gradients = await run.gradients(tensors.get('cotangent')!.data);
    for (const layer of layers) {
      const worst = difference(gradients.get(layer)!.data, tensors.get(`gradient:${layer}`)!.data);
      expect(worst, `at ${layer}`).toBeLessThan(2e-5);
    }
    run.dispose();
    await session.dispose();
  });

  test.each(readdirSync(`${folder}/half`))(
    'half/%s: half-precision forward, float32 backward',
    async (file) => {
      const { tensors, layers } = load(file.slice(0, -5));
      const bytes = new Uint8Array(readFileSync(`${folder}/half/${file}`));
      const { data, shape } = tensors.get('input')!;
      const session = await createGradientSession(bytes, { ort: node, wrt: layers, inputShape: shape });
      const run = await session.run(new node.Tensor('float32', data, shape));
      const gradients = await run.gradients(tensors.get('cotangent')!.data);
      for (const layer of layers) {
        const worst = difference(gradients.get(layer)!.data, tensors.get(`gradient:${layer}`)!.data);
        expect(worst, `at ${layer}`).toBeLessThan(2e-3);
      }
      await session.dispose();
    },
  );
});
