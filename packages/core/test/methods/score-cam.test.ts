import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  type EvaluateTarget,
  type NdArray,
  NonFiniteError,
  OptionError,
  ShapeError,
  scoreCam,
  view,
} from '../../src/index.ts';

describe('scoreCam', () => {
  // As large as the input, so that each channel is its own mask: [0, 1], [1, 0], and nothing for the constant one.
  const activations = view(Float32Array.of(0, 2, 1, 0, 7, 7), [3, 1, 2]);
  const input = view(Float32Array.of(3, 5), [1, 1, 1, 2]);
  const seen: number[][] = [];
  const evaluate: EvaluateTarget = async (inputs) => {
    const rows = rowsOf(inputs);
    seen.push(...rows);
    return rows.map(([left, right]) => 0.1 * left! + 0.02 * right!);
  };

  it('scoreCam weights each channel by the score of the input seen through it', async () => {
    seen.length = 0;
    expectClose(await scoreCam(activations, input, evaluate), [[0.3, 0.2]], { relative: 1e-6 });
    expect(seen).toEqual([
      [0, 5],
      [3, 0],
    ]);
  });

  it('scoreCam(…, pytorch-grad-cam and torchcam) pass the scores through a softmax over all channels', async () => {
    const shares = [0.1, 0.3, 0].map((score) => Math.exp(score));
    const sum = shares.reduce((total, share) => total + share);
    const expected = [[(shares[1]! + 7 * shares[2]!) / sum, (2 * shares[0]! + 7 * shares[2]!) / sum]];
    for (const variant of ['pytorch-grad-cam', 'torchcam'] as const) {
      expectClose(await scoreCam(activations, input, evaluate, { variant }), expected, { relative: 1e-6 });
    }
  });

  it('scoreCam(…, pytorch-grad-cam) upsamples masks with aligned corners, the others with half-pixel centres', async () => {
    const step = view(Float32Array.of(0, 1), [1, 1, 2]);
    const wide = view(new Float32Array(4).fill(1), [1, 1, 1, 4]);
    const masks: number[][] = [];
    const look: EvaluateTarget = async (inputs) => {
      masks.push(...rowsOf(inputs));
      return [1];
    };
    await scoreCam(step, wide, look);
    await scoreCam(step, wide, look, { variant: 'pytorch-grad-cam' });
    expectClose(masks[0]!, [0, 0.25, 0.75, 1]);
    expectClose(masks[1]!, [0, 1 / 3, 2 / 3, 1], { absolute: 1e-6 });
  });

  it('scoreCam(…, torchcam) normalises before it upsamples', async () => {
    const peak = view(Float32Array.of(0, 1, 0), [1, 1, 3]);
    const pair = view(Float32Array.of(1, 1, 1, 1, 1, 1), [1, 1, 1, 6]);
    const masks: number[][] = [];
    const look: EvaluateTarget = async (inputs) => {
      masks.push(...rowsOf(inputs));
      return [1];
    };
    await scoreCam(peak, pair, look);
    await scoreCam(peak, pair, look, { variant: 'torchcam' });
    expectClose(Math.max(...masks[0]!), 1);
    expectClose(Math.max(...masks[1]!), 0.75, { absolute: 1e-6 });
  });

  it('scoreCam(…, { channels }) probes only the channels that vary most', async () => {
    seen.length = 0;
    expectClose(await scoreCam(activations, input, evaluate, { channels: 1 }), [[0, 0.2]], {
      relative: 1e-6,
    });
    expect(seen).toEqual([[0, 5]]);
  });

  it('scoreCam works in batches, reports each and stops at the signal', async () => {
    const progress: string[] = [];
    const batches: number[] = [];
    const signal = { aborted: false };
    const counting: EvaluateTarget = async (inputs) => {
      batches.push(inputs.shape[0]!);
      return evaluate(inputs);
    };
    const options = {
      variant: 'torchcam',
      batchSize: 2,
      signal,
      onProgress: (done: number, total: number) => progress.push(`${done}/${total}`),
    } as const;
    await scoreCam(activations, input, counting, options);
    expect(batches).toEqual([2, 1]);
    expect(progress).toEqual(['2/3', '3/3']);
    const stopping = scoreCam(activations, input, counting, {
      ...options,
      onProgress: () => Object.assign(signal, { aborted: true }),
    });
    await expect(stopping).rejects.toBeInstanceOf(AbortedError);
    expect(batches).toEqual([2, 1, 2]);
  });

  it('scoreCam of constant channels is empty', async () => {
    const flat = view(new Float32Array(4).fill(3), [2, 1, 2]);
    expectClose(await scoreCam(flat, input, evaluate), [[0, 0]]);
  });

  it('scoreCam refuses another variant, batches that are no count, several inputs and answers that are no numbers', async () => {
    await expect(scoreCam(activations, input, evaluate, { variant: 'author' as never })).rejects.toThrow(
      OptionError,
    );
    await expect(scoreCam(activations, input, evaluate, { batchSize: 0 })).rejects.toThrow(OptionError);
    await expect(scoreCam(activations, input, evaluate, { channels: 1.5 })).rejects.toThrow(OptionError);
    await expect(scoreCam(activations, view(new Float32Array(4), [2, 1, 1, 2]), evaluate)).rejects.toThrow(
      ShapeError,
    );
    await expect(scoreCam(activations, input, async () => [1])).rejects.toThrow(
      /expected 2 values.*received 1/,
    );
    await expect(scoreCam(activations, input, async () => [Number.NaN, 1])).rejects.toThrow(NonFiniteError);
  });
});

function rowsOf({ data, shape }: NdArray<Float32Array>): number[][] {
  const size = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, i) => Array.from(data.slice(i * size, (i + 1) * size)));
}
