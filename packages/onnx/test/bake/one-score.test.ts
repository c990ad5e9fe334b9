import { explain, view } from '@hybridcam/core';
import * as node from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { type BakeOptions, bakeModel, createOnnxModel } from '../../src/index.ts';
import { TOY_MAP, toyModel, weight } from '../toy-model.ts';
import { images, runPlain } from './baked-run.ts';

const dims = [3, 3, 8, 8];
const image = images(6, dims);
const CELLS = 64;

/** One logit, less a threshold, and a sigmoid: what Keras calls a binary classifier. */
function binaryModel(threshold: number, opset = 17): Uint8Array {
  return toyModel({
    opset,
    head: {
      nodes: [
        { opType: 'GlobalAveragePool', inputs: [TOY_MAP], outputs: ['pooled'] },
        { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
        { opType: 'MatMul', inputs: ['flat', 'fc.weight'], outputs: ['product'] },
        { opType: 'Sub', inputs: ['product', 'threshold'], outputs: ['logit'] },
        { opType: 'Sigmoid', inputs: ['logit'], outputs: ['probability'] },
      ],
      initializers: [
        weight('fc.weight', [6, 1], 7, 2),
        { name: 'threshold', dims: [1], dataType: 'float32', data: Float32Array.of(threshold) },
      ],
    },
    outputs: [
      { name: 'probability', dataType: 'float32', shape: ['batch', 1] },
      { name: 'logit', dataType: 'float32', shape: ['batch', 1] },
    ],
  });
}

/** The threshold at which one image is decided against, one lies exactly between, and one is decided for; and which is which. */
async function between(): Promise<{ threshold: number; against: number; tie: number; inFavour: number }> {
  const logits = (await runPlain(node, binaryModel(0), { image, dims }))['logit']!.data;
  const [against, tie, inFavour] = [0, 1, 2].sort((a, b) => logits[a]! - logits[b]!) as [
    number,
    number,
    number,
  ];
  return { threshold: logits[tie]!, against, tie, inFavour };
}

const common = { ort: node, layers: ['stem'], method: 'grad-cam', output: 'probability' } as const;

async function cams(options: Partial<BakeOptions>, classes?: number[]): Promise<readonly Float32Array[]> {
  const { threshold } = await between();
  const baked = await bakeModel(binaryModel(threshold), { ...common, ...options });
  const { data } = (await runPlain(node, baked, { image, dims, ...(classes && { class: classes }) }))['cam']!;
  return [0, 1, 2].map((n) => data.slice(n * CELLS, (n + 1) * CELLS));
}

describe('a baked model of one score', () => {
  test.each([11, 13, 17, 21])(
    'explains the side each image of a batch is decided for, opset %i',
    async (opset) => {
      const { threshold, against, inFavour } = await between();
      const bytes = binaryModel(threshold, opset);
      const baked = await bakeModel(bytes, common);
      const batch = await runPlain(node, baked, { image, dims });
      expect(batch['probability']!.data[against]).toBeLessThan(0.5);
      expect(batch['probability']!.data[inFavour]).toBeGreaterThan(0.5);
      const model = await createOnnxModel(bytes, { ort: node, name: 'binary', output: 'probability' });
      try {
        for (const n of [against, inFavour]) {
          const one = image.subarray(n * 192, (n + 1) * 192);
          const alone = (await runPlain(node, baked, { image: one, dims: [1, 3, 8, 8] }))['cam']!.data;
          const explained = await explain(model, view(one, [1, 3, 8, 8]), {
            method: 'grad-cam',
            targetLayer: 'stem',
            normalize: 'none',
          });
          const expected = explained.cam.data;
          const max = Math.max(...expected);
          expect(max).toBeGreaterThan(0);
          for (const actual of [alone, batch['cam']!.data.subarray(n * CELLS, (n + 1) * CELLS)]) {
            const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
            expect(worst).toBeLessThan(1e-5 * max);
          }
        }
      } finally {
        await model.dispose();
      }
    },
  );

  test('takes a logit of exactly 0 as a decision for it, as core does', async () => {
    const { threshold, tie } = await between();
    const baked = await bakeModel(binaryModel(threshold), common);
    expect((await runPlain(node, baked, { image, dims }))['logit']!.data[tie]).toBe(0);
    expect((await cams({}))[tie]).toEqual((await cams({ classIndex: 0 }))[tie]);
  });

  test('with a class given explains the score itself', async () => {
    const { against, inFavour } = await between();
    const [side, score] = [await cams({}), await cams({ classIndex: 0 })];
    expect(score[inFavour]).toEqual(side[inFavour]);
    expect(score[against]).not.toEqual(side[against]);
    const asked = { inputs: ['class'], requiredInputs: true } as const;
    expect(await cams(asked, [0])).toEqual(score);
    expect(await cams(asked, [-1])).toEqual(side);
    const mixed = [0, 0, 0];
    mixed[against] = -1;
    const found = await cams(asked, mixed);
    expect(found[against]).toEqual(side[against]);
    expect(found[inFavour]).toEqual(score[inFavour]);
    await expect(cams(asked, [1])).rejects.toThrow(/class must be -1 or from 0 to 0/);
  });
});
