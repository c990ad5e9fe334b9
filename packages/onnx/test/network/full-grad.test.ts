import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { explain, OptionError, UnsupportedError, view } from '@hybridcam/core';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { describe, expect, test } from 'vitest';
import { resnet50Model } from '../autodiff/resnet50-model.ts';
import { tensorflowStyle } from '../graph-styles.ts';
import { withModel } from './with-model.ts';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const tinyNetworks = fileURLToPath(new URL('../autodiff/fixtures', import.meta.url));

interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** What the shares leave out of a logit, with and without those of curved and clipped steps; as a share of all their magnitudes. */
async function missing(bytes: Uint8Array, { data, shape }: Tensor, classIndex: number) {
  return withModel(bytes, async (model) => {
    const pass = await model.forward(view(data, shape), { network: ['shares'] });
    const cotangent = new Float32Array(shape[0]! * model.classCount);
    for (let image = 0; image < shape[0]!; image++) cotangent[image * model.classCount + classIndex] = 1;
    const { input, biases } = await pass.scoreShares!(view(cotangent, [shape[0]!, model.classCount]));
    let [score, sum, layers, size] = [0, 0, 0, 0];
    for (let image = 0; image < shape[0]!; image++) score += pass.logits.get(image, classIndex);
    for (const { of, values } of [{ of: 'layer', values: input }, ...biases]) {
      for (const share of values.data) {
        sum += share;
        size += Math.abs(share);
        if (of === 'layer') layers += share;
      }
    }
    pass.dispose();
    const { partialBy } = model.network!.shares;
    return { all: (sum - score) / size, withoutSteps: layers - score, partialBy, score };
  });
}

describe('full-grad against PyTorch', () => {
  // Made by tooling/reference/onnx-network/full_grad.py: hooks on the modules of the network before its normalisations were folded.
  test.each(['residual', 'inverted_residual'])('%s: the raw map of every variant', async (name) => {
    const expected = readSafetensors(`${fixtures}/${name}.safetensors`);
    const { data, shape } = expected.get('input')!;
    await withModel(readFileSync(`${fixtures}/${name}.onnx`), async (model) => {
      for (const variant of ['paper', 'pytorch-grad-cam']) {
        const { cam, status, range } = await explain(model, view(data, shape), {
          method: { name: 'full-grad', variant },
          classIndex: 1,
          normalize: 'none',
        });
        expectClose(cam, view(expected.get(variant)!.data, [24, 24]), { relativeToMax: 2e-6 });
        expect([status, range.unit]).toEqual(['ok', 'relative']);
      }
    });
  });

  test('what a saturated ReLU6 adds is what the shares of layers leave out', async () => {
    const expected = readSafetensors(`${fixtures}/inverted_residual.safetensors`);
    const { all, withoutSteps } = await missing(
      readFileSync(`${fixtures}/inverted_residual.onnx`),
      expected.get('input')!,
      1,
    );
    expect(expected.get('saturated')!.data[0]).toBeGreaterThan(0.05);
    expect(-withoutSteps).toBeCloseTo(expected.get('missing')!.data[0]!, 5);
    expect(Math.abs(all)).toBeLessThan(1e-8);
  });
});

describe('the shares add up to the score', () => {
  const files = readdirSync(tinyNetworks).filter((file) => file.endsWith('.onnx'));
  const partial: Record<string, RegExp> = {
    'attention.dynamo.onnx': /LayerNormalization|Softmax|Concat/,
    'attention.opset11.onnx': /Concat.* and 1 other step/,
    'convnext.dynamo.onnx': /LayerNormalization/,
    'norms.dynamo.onnx': /InstanceNormalization/,
    'norms.opset11.onnx': /InstanceNormalization/,
    'windows.dynamo.onnx': /LayerNormalization/,
    'windows.opset16.onnx': /what Softmax ".*" adds is not known/,
  };
  test.each(files)('%s, or the model says what is missing', async (file) => {
    const input = readSafetensors(`${tinyNetworks}/${file.replace('.onnx', '.safetensors')}`).get('input')!;
    const { all, partialBy } = await missing(readFileSync(`${tinyNetworks}/${file}`), input, 1);
    if (partial[file]) expect(partialBy).toMatch(partial[file]);
    else expect(partialBy).toBeUndefined();
    // What is said to be missing is missing: the claim is not made out of caution.
    if (partial[file]) expect(Math.abs(all)).toBeGreaterThan(1e-6);
    else expect(Math.abs(all)).toBeLessThan(1e-7);
  });

  test('ResNet-50 with its batch normalisations left as they are', async () => {
    const data = Float32Array.from(
      { length: 3 * 224 * 224 },
      (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011),
    );
    const { all, withoutSteps, score, partialBy } = await missing(
      resnet50Model(),
      { data, shape: [1, 3, 224, 224] },
      282,
    );
    expect(partialBy).toBeUndefined();
    expect(Math.abs(all)).toBeLessThan(1e-7);
    expect(Math.abs(withoutSteps)).toBeLessThan(1e-3 * Math.abs(score));
  });

  test.skipIf(!sharedFolder())('MobileNetV2 of ImageNet, ReLU6 and all (needs ../shared)', async () => {
    const input = readSafetensors(sharedFile('reference/mobilenet_v2.n02123045_tabby.safetensors')).get(
      'input',
    )!;
    const bytes = readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx'));
    const { all, withoutSteps } = await missing(bytes, input, 282);
    expect(Math.abs(all)).toBeLessThan(1e-8);
    // Without what the clips add a good part of the logit is missing.
    expect(Math.abs(withoutSteps)).toBeGreaterThan(0.1);
  });
});

describe('full-grad where it cannot be had', () => {
  const input = (size: number) => view(new Float32Array(3 * size * size).fill(0.5), [1, 3, size, size]);

  test('a transformer is refused by what its attention adds, and pytorch-grad-cam’s variant is not', async () => {
    await withModel(readFileSync(`${tinyNetworks}/attention.opset11.onnx`), async (model) => {
      await expect(explain(model, input(24), { method: 'full-grad' })).rejects.toThrow(
        /add up to the score; received a network where they do not: what Concat .*variant pytorch-grad-cam/s,
      );
      const method = { name: 'full-grad', variant: 'pytorch-grad-cam' } as const;
      expect((await explain(model, input(24), { method })).status).toBe('ok');
    });
  });

  test('a network without a bias on a map is refused', async () => {
    await withModel(tensorflowStyle(8, 8), async (model) => {
      const refused = expect(explain(model, input(8), { method: 'full-grad' })).rejects;
      await refused.toThrow(UnsupportedError);
      await expect(explain(model, input(8), { method: 'full-grad' })).rejects.toThrow(
        /no layer of the network adds a bias to a map of places.*layer-cam/,
      );
    });
  });

  test('a target layer is refused, since the whole network is looked at', async () => {
    await withModel(readFileSync(`${fixtures}/residual.onnx`), async (model) => {
      const targetLayer = model.defaultLayer;
      const asked = explain(model, input(24), { method: 'full-grad', targetLayer });
      await expect(asked).rejects.toThrow(OptionError);
      await expect(explain(model, input(24), { method: 'full-grad', targetLayer })).rejects.toThrow(
        /looks at the whole network/,
      );
    });
  });
});
