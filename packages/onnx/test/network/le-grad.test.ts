import { fileURLToPath } from 'node:url';
import { explain, explainMany, pack, probability, ShapeError, UnsupportedError, view } from '@hybridcam/core';
import { expectClose, readSafetensors } from '@hybridcam/test-utils';
import { describe, expect, test } from 'vitest';
import { withModel } from './with-model.ts';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const tinyNetworks = fileURLToPath(new URL('../autodiff/fixtures', import.meta.url));
const method = 'le-grad';
/** Of the reference. */
const classIndex = 1;

describe('le-grad against PyTorch', () => {
  // Made by tooling/reference/onnx-network/transformer.py, which differentiates block by block in float64.
  const files = ['class_token', 'mean_token'].flatMap((name) =>
    ['opset17', 'dynamo'].map((exporter) => [name, exporter] as const),
  );
  test.each(files)(
    '%s by the exporter %s: the raw map and the scores behind each block',
    async (name, exporter) => {
      const expected = readSafetensors(`${fixtures}/${name}.safetensors`);
      const { data, shape } = expected.get('input')!;
      const map = expected.get(method)!;
      const input = view(data, shape);
      await withModel(`${fixtures}/${name}.${exporter}.onnx`, async (model) => {
        expect(model.network!.blocks.blockedBy).toBeUndefined();
        const { cam, saliencyMap, record } = await explain(model, input, {
          method,
          classIndex,
          normalize: 'none',
        });
        expectClose(cam, view(map.data, map.shape), { relativeToMax: 1e-6 });
        expect([cam.shape, saliencyMap.shape, record.targetLayers]).toEqual([[3, 3], [24, 24], []]);
        expect(record.range.unit).toBe('score');
        const ofProbability = expected.get('le-grad-probability')!;
        const other = await explain(model, input, {
          method,
          target: probability(classIndex),
          normalize: 'none',
        });
        expectClose(other.cam, view(ofProbability.data, map.shape), { relativeToMax: 1e-6 });
        const pass = await model.forward(input, { network: ['blocks'] });
        const { scores } = await pass.blocks!();
        expect(scores.shape).toEqual([1, 3, 5]);
        expectClose(pack(scores), expected.get('block-scores')!.data, { absolute: 2e-6 });
        expectClose(pack(scores).subarray(10), pack(pass.logits), { absolute: 1e-7 });
        pass.dispose();
      });
    },
  );

  test('images of a pass are apart, and a pass hands out only what it was asked for', async () => {
    const { data } = readSafetensors(`${fixtures}/mean_token.safetensors`).get('input')!;
    const other = data.map((x) => 0.5 - x);
    const two = view(Float32Array.from([...data, ...other]), [2, 3, 24, 24]);
    await withModel(`${fixtures}/mean_token.dynamo.onnx`, async (model) => {
      const pass = await model.forward(two, { network: ['blocks', 'attention'] });
      const cotangent = Float32Array.from({ length: 30 }, (_, i) => Math.sin(i));
      const both = await pass.blocks!();
      const gradients = await both.gradients(view(cotangent, [2, 3, 5]));
      expect([gradients.layers.length, gradients.grid, gradients.prefix]).toEqual([3, [3, 3], 0]);
      for (const [image, pixels] of [data, other].entries()) {
        const alone = await model.forward(view(pixels.slice(), [1, 3, 24, 24]), { network: ['blocks'] });
        const { scores, gradients: ownGradients } = await alone.blocks!();
        expectClose(pack(both.scores.pick(image, null, null)), pack(scores), { absolute: 2e-6 });
        const own = await ownGradients(view(cotangent.slice(15 * image, 15 * image + 15), [1, 3, 5]));
        own.layers.forEach((layer, i) => {
          expect(layer.shape).toEqual([1, 3, 9, 9]);
          expect(Math.max(...pack(layer))).toBeGreaterThan(0);
          const found = pack(gradients.layers[i]!.pick(image, null, null, null));
          expectClose(found, pack(layer), { relativeToMax: 1e-5 });
        });
        alone.dispose();
      }
      await expect(both.gradients(view(cotangent, [2, 15]))).rejects.toThrow(ShapeError);
      pass.dispose();
      await expect(both.gradients(view(cotangent, [2, 3, 5]))).rejects.toThrow(/was disposed/);
      await expect(pass.blocks!()).rejects.toThrow(/was disposed/);
      const without = await model.forward(two, { network: ['attention'] });
      await expect(without.blocks!()).rejects.toThrow(
        /Name it in the option "network" of forward: \['blocks'\]/,
      );
      without.dispose();
    });
  });

  test('with grad-cam and attention-rollout from the same pass as alone', async () => {
    const { data, shape } = readSafetensors(`${fixtures}/class_token.safetensors`).get('input')!;
    const input = view(data, shape);
    await withModel(`${fixtures}/class_token.opset17.onnx`, async (model) => {
      const requests = (['le-grad', 'grad-cam', 'attention-rollout'] as const).map((name) => ({
        method: name,
        classIndex,
      }));
      const together = await explainMany(model, input, requests);
      for (const [i, request] of requests.entries()) {
        expectClose(together[i]!.cam, (await explain(model, input, request)).cam, { absolute: 1e-5 });
      }
    });
  });
});

describe('le-grad where it cannot be had', () => {
  const image = view(new Float32Array(3 * 24 * 24).fill(0.5), [1, 3, 24, 24]);

  test('a convolutional network is refused, and so is attention within windows', async () => {
    await withModel(`${fixtures}/residual.onnx`, async (model) => {
      await expect(explain(model, image, { method })).rejects.toThrow(UnsupportedError);
      await expect(explain(model, image, { method })).rejects.toThrow(
        /as in a vision transformer\. Use grad-cam/,
      );
      await expect(model.forward(image, { network: ['blocks'] })).rejects.toThrow(UnsupportedError);
    });
    for (const file of ['windows.opset16.onnx', 'windows.dynamo.onnx']) {
      await withModel(`${tinyNetworks}/${file}`, async (model) => {
        expect(model.network!.blocks.blockedBy).toMatch(/tokens, and no map of places has as many/);
      });
    }
  });
});
