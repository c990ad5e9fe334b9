import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { type EvaluateTarget, OptionError, scoreCam, ssCam, view } from '../../src/index.ts';

describe('ssCam', () => {
  const activations = view(Float32Array.of(0, 2, 1, 0), [2, 1, 2]);
  const input = view(Float32Array.of(3, 5), [1, 1, 1, 2]);
  const linear: EvaluateTarget = async ({ data, shape }) =>
    Array.from({ length: shape[0]! }, (_, i) => 0.1 * data[2 * i]! + 0.02 * data[2 * i + 1]!);

  it('ssCam without noise is Score-CAM with a softmax over channels', async () => {
    expectClose(
      await ssCam(activations, input, linear, { draws: 3, noise: 0 }),
      await scoreCam(activations, input, linear, { variant: 'torchcam' }),
      { relative: 1e-6 },
    );
  });

  it('ssCam averages noise away: many draws of a linear score come near Score-CAM, in one seed as in another', async () => {
    const without = await scoreCam(activations, input, linear, { variant: 'torchcam' });
    const maps = [];
    for (const seed of [1, 2])
      maps.push(await ssCam(activations, input, linear, { draws: 20000, noise: 1, seed }));
    for (const map of maps) expectClose(map, without, { absolute: 0.02 });
    expect(maps[0]!.data).not.toEqual(maps[1]!.data);
    const again = await ssCam(activations, input, linear, { draws: 20000, noise: 1, seed: 1 });
    expect(again.data).toEqual(maps[0]!.data);
  });

  it('ssCam’s noise has mean 0 and the standard deviation asked for', async () => {
    const masks: number[] = [];
    const ones = view(Float32Array.of(1, 1), [1, 1, 1, 2]);
    const look: EvaluateTarget = async ({ data, shape }) => {
      // Channel 0 is the mask [0, 1].
      for (let i = 0; i < data.length; i += 2) masks.push(data[i]!, data[i + 1]! - 1);
      return new Array(shape[0]!).fill(0);
    };
    await ssCam(activations.lo(0).hi(1), ones, look, { draws: 10000, noise: 2, seed: 3 });
    const mean = masks.reduce((sum, value) => sum + value, 0) / masks.length;
    const variance = masks.reduce((sum, value) => sum + (value - mean) ** 2, 0) / masks.length;
    expectClose(mean, 0, { absolute: 0.05 });
    expectClose(Math.sqrt(variance), 2, { absolute: 0.05 });
  });

  it('ssCam refuses no draws and negative noise', async () => {
    await expect(ssCam(activations, input, linear, { draws: 0 })).rejects.toThrow(OptionError);
    await expect(ssCam(activations, input, linear, { noise: -1 })).rejects.toThrow(OptionError);
  });
});
