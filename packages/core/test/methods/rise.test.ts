import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { type EvaluateTarget, OptionError, rise, view } from '../../src/index.ts';

describe('rise', () => {
  const input = view(new Float32Array(2 * 8 * 8).fill(1), [1, 2, 8, 8]);
  /** The mean over masks is p everywhere: a score that is always 1 gives a map of 1. */
  const constant: EvaluateTarget = async ({ shape }) => new Array(shape[0]!).fill(1);
  /** What is seen of one corner pixel. */
  const corner: EvaluateTarget = async ({ data, shape }) =>
    Array.from({ length: shape[0]! }, (_, i) => data[i * 128]!);

  it('rise of a score that never changes is that score everywhere, up to sampling', async () => {
    const map = await rise(input, constant, { masks: 4000, cells: 2 });
    expect(map.shape).toEqual([8, 8]);
    expectClose(
      map,
      Array.from({ length: 8 }, () => new Array(8).fill(1)),
      { absolute: 0.05 },
    );
  });

  it('rise points at the only pixel that matters', async () => {
    const map = await rise(input, corner, { masks: 2000, cells: 4 });
    const best = map.data.indexOf(Math.max(...map.data));
    expect([Math.floor(best / 8), best % 8].every((position) => position <= 1)).toBe(true);
    // Far away the masks are independent of the corner's: p·mean.
    expectClose(map.get(7, 7), 0.5, { absolute: 0.05 });
    // At the corner, E[M²]/p: above ½, at most 1.
    expect(map.get(0, 0)).toBeGreaterThan(0.7);
  });

  it('rise repeats for a seed and differs between seeds', async () => {
    const options = { masks: 20, cells: 3 };
    const [a, b, c] = [
      await rise(input, corner, { ...options, seed: 1 }),
      await rise(input, corner, { ...options, seed: 1, batchSize: 7 }),
      await rise(input, corner, { ...options, seed: 2 }),
    ];
    expect(a.data).toEqual(b.data);
    expect(a.data).not.toEqual(c.data);
  });

  it('rise shows masks that hide no channel alone and lie in [0, 1]', async () => {
    let extremes = [1, 0];
    await rise(
      input,
      async ({ data, shape }) => {
        for (let i = 0; i < shape[0]!; i++) {
          for (let pixel = 0; pixel < 64; pixel++) {
            expect(data[i * 128 + pixel]).toBe(data[i * 128 + 64 + pixel]);
            const value = data[i * 128 + pixel]!;
            extremes = [Math.min(extremes[0]!, value), Math.max(extremes[1]!, value)];
          }
        }
        return constant(view(data, shape));
      },
      { masks: 50, cells: 3 },
    );
    expect(extremes).toEqual([0, 1]);
  });

  it('rise refuses counts below 1 and probabilities outside (0, 1]', async () => {
    for (const options of [{ masks: 0 }, { cells: 1.5 }, { visible: 0 }, { visible: 2 }]) {
      await expect(rise(input, constant, options)).rejects.toThrow(OptionError);
    }
  });
});
