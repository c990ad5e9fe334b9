import { expectClose, sharedFolder } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  ablationCam,
  ablationCamByRuns,
  type EvaluateTail,
  normalize,
  OptionError,
  presets,
  ShapeError,
  upsample,
  view,
} from '../../src/index.ts';
import { tensorReferences } from '../reference.ts';

describe('ablationCam', () => {
  const activations = view(Float32Array.of(1, 3, 0, 4), [2, 1, 2]);
  const weights = view(Float32Array.of(2, -1), [2]);

  it('ablationCam weights a channel by the share of the score that is lost without it', () => {
    // y = 2·2 − 1·2 + 1 = 3; without channel 0: −1, without channel 1: 5; w = [4/3, −2/3]
    expectClose(ablationCam(activations, weights, 3), [[4 / 3, 4 - 8 / 3]], { relative: 1e-6 });
  });

  it('ablationCam of a negative score shows what speaks against it, and a score of 0 divides nothing', () => {
    const against = view(Float32Array.of(-2, 1), [2]);
    expectClose(ablationCam(activations, against, -3), ablationCam(activations, weights, 3));
    expectClose(ablationCam(activations, weights, 0), [[4, 4]], { relative: 1e-6 });
  });

  /** The head of the tests above, as a network to run. */
  const tail: EvaluateTail = async ({ data, shape }) =>
    Array.from({ length: shape[0]! }, (_, i) => {
      const [a, b, c, d] = data.slice(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
      return 2 * ((a + b) / 2) - (c + d) / 2 + 1;
    });

  it('ablationCamByRuns measures what ablationCam has in closed form, batch by batch', async () => {
    const expected = ablationCam(activations, weights, 3);
    for (const batchSize of [1, 2, 16]) {
      const found = await ablationCamByRuns(activations, tail, 3, { batchSize });
      expectClose(found, expected, { relative: 1e-6 });
    }
    const lowered: EvaluateTail = async (given) => Array.from(await tail(given), (y) => y - 3);
    expectClose(await ablationCamByRuns(activations, lowered, 0), [[4, 4]], { relative: 1e-6 });
  });

  it('ablationCam of pytorch-grad-cam lowers channels of a signed layer by 10⁷ more each, in closed form and by runs', async () => {
    const signed = view(Float32Array.of(1, 3, -1, 4), [2, 1, 2]);
    // The smallest activation is −1; y = 2·2 − 1.5 + 1 = 3.5. Lost: 2·(2 + 1 + 10⁷) and −(1.5 + 1 + 2·10⁷).
    const [first, second] = [(2 * (3 + 1e7)) / 3.5, -(2.5 + 2e7) / 3.5];
    const expected = [[Math.max(first - second, 0), Math.max(3 * first + 4 * second, 0)]];
    expect(expected[0]![0]).toBeGreaterThan(1e6);
    const options = { variant: 'pytorch-grad-cam' } as const;
    expectClose(ablationCam(signed, weights, 3.5, options), expected, { relativeToMax: 1e-6 });
    for (const batchSize of [1, 16]) {
      const found = await ablationCamByRuns(signed, tail, 3.5, { ...options, batchSize });
      expectClose(found, expected, { relativeToMax: 1e-6 });
    }
    expectClose(ablationCam(activations, weights, 3, options), ablationCam(activations, weights, 3));
    expect(() => ablationCam(signed, weights, 3.5, { variant: 'torchcam' as never })).toThrow(OptionError);
  });

  it('ablationCam of pytorch-grad-cam starts anew with every batch of 32 channels', () => {
    const many = view(
      Float32Array.from({ length: 33 }, (_, k) => (k === 0 || k === 32 ? -1 : 0)),
      [33, 1, 1],
    );
    const one = (k: number) =>
      view(
        Float32Array.from({ length: 33 }, (_, i) => (i === k ? -1 : 0)),
        [33],
      );
    const options = { variant: 'pytorch-grad-cam' } as const;
    expectClose(ablationCam(many, one(32), -1, options), ablationCam(many, one(0), -1, options));
  });

  it('ablationCamByRuns stops at the signal and refuses answers that are no numbers', async () => {
    const signal = { aborted: true };
    await expect(ablationCamByRuns(activations, tail, 3, { signal })).rejects.toBeInstanceOf(AbortedError);
    await expect(ablationCamByRuns(activations, async () => [1], 3)).rejects.toThrow(ShapeError);
    await expect(ablationCamByRuns(activations, tail, Number.NaN)).rejects.toThrow(/finite score/);
  });

  it('ablationCam refuses weights of another channel count', () => {
    expect(() => ablationCam(activations, view(new Float32Array(3), [3]), 1)).toThrow(ShapeError);
  });

  it.skipIf(!sharedFolder())(
    'ablationCam equals pytorch-grad-cam’s 1280 forward passes (needs ../shared)',
    () => {
      const { epsilon } = presets['pytorch-grad-cam'];
      for (const { tensor } of tensorReferences()) {
        const gradients = tensor('layers.51.gradients');
        const row = Float32Array.from({ length: 1280 }, (_, k) => gradients.data[k * 49]! * 49);
        const score = tensor('logits').data[tensor('class').data[0]!]!;
        const cam = ablationCam(tensor('layers.51.activations'), view(row, [1280]), score);
        const saliencyMap = normalize(upsample(normalize(cam, 'minmax', { epsilon }), 224, 224), 'minmax', {
          epsilon,
        });
        expectClose(saliencyMap, tensor('layers.51.pgc.ablationcam'), { absolute: 2e-4 });
      }
    },
  );
});
