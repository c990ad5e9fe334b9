import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { type EvaluateTarget, OptionError, occlusion, view } from '../../src/index.ts';

describe('occlusion', () => {
  const input = view(
    Float32Array.from({ length: 8 }, (_, i) => i + 1),
    [1, 1, 2, 4],
  );
  const sum: EvaluateTarget = async ({ data, shape }) =>
    Array.from({ length: shape[0]! }, (_, i) =>
      data.slice(i * 8, (i + 1) * 8).reduce((total, value) => total + value, 0),
    );

  it('occlusion of a sum is what each window holds', async () => {
    expectClose(await occlusion(input, sum, { window: 2, stride: 2 }), [
      [14, 14, 22, 22],
      [14, 14, 22, 22],
    ]);
  });

  it('occlusion averages windows that overlap, and the last one covers what there is', async () => {
    // Windows of width 2 from columns 0, 1, 2: 14, 18, 22.
    expectClose(await occlusion(input, sum, { window: 2, stride: 1 }), [
      [14, 16, 20, 22],
      [14, 16, 20, 22],
    ]);
    // Windows of width 3 from columns 0 and 2, rows from 0: the second holds two columns.
    expectClose(await occlusion(input, sum, { window: 3, stride: 2 }), [
      [24, 24, 23, 22],
      [24, 24, 23, 22],
    ]);
  });

  it('occlusion(…, { baseline }) covers with another value, and is negative where covering helps', async () => {
    const map = await occlusion(input, sum, { window: 2, stride: 2, baseline: 5 });
    expectClose(map, [
      [-6, -6, 2, 2],
      [-6, -6, 2, 2],
    ]);
  });

  it('occlusion takes a seventh of the shorter side by default, half of it as a step', async () => {
    let count = 0;
    await occlusion(view(new Float32Array(28 * 56), [1, 1, 28, 56]), async ({ shape }) => {
      count += shape[0]!;
      return new Array(shape[0]!).fill(0);
    });
    expect(count).toBe(1 + 13 * 27);
  });

  it('occlusion refuses windows that leave gaps', async () => {
    await expect(occlusion(input, sum, { window: 2, stride: 3 })).rejects.toThrow(OptionError);
    await expect(occlusion(input, sum, { window: 0 })).rejects.toThrow(OptionError);
    await expect(occlusion(input, sum, { baseline: Number.NaN })).rejects.toThrow(/finite baseline/);
  });
});
