import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { type EvaluateTarget, isCam, OptionError, view } from '../../src/index.ts';

describe('isCam', () => {
  const activations = view(Float32Array.of(0, 2, 1, 0), [2, 1, 2]);
  const input = view(Float32Array.of(3, 5), [1, 1, 1, 2]);
  const inputs: number[][] = [];
  const linear: EvaluateTarget = async ({ data, shape }) =>
    Array.from({ length: shape[0]! }, (_, i) => {
      inputs.push([data[2 * i]!, data[2 * i + 1]!]);
      return 0.1 * data[2 * i]! + 0.02 * data[2 * i + 1]!;
    });
  const weighted = (first: number, second: number) => {
    const [a, b] = [Math.exp(first), Math.exp(second)];
    return [[b / (a + b), (2 * a) / (a + b)]];
  };

  it('isCam averages the score over masks that grow to full strength', async () => {
    inputs.length = 0;
    // Strengths ½ and 1, mean ¾.
    expectClose(await isCam(activations, input, linear, { points: 2 }), weighted(0.075, 0.225), {
      relative: 1e-6,
    });
    expect(inputs).toEqual([
      [0, 2.5],
      [0, 5],
      [1.5, 0],
      [3, 0],
    ]);
  });

  it('isCam(…, torchcam) adds the strengths up', async () => {
    // ½ and ½ + 1, mean 1.
    expectClose(
      await isCam(activations, input, linear, { points: 2, variant: 'torchcam' }),
      weighted(0.1, 0.3),
      { relative: 1e-6 },
    );
    inputs.length = 0;
    await isCam(activations, input, linear, { variant: 'torchcam', channels: 1 });
    expectClose(inputs.at(-1)!, [0, 5 * 5.5], { relative: 1e-6 });
  });

  it('isCam refuses no points and another variant', async () => {
    await expect(isCam(activations, input, linear, { points: 0 })).rejects.toThrow(OptionError);
    await expect(isCam(activations, input, linear, { variant: 'author' as never })).rejects.toThrow(
      OptionError,
    );
  });
});
