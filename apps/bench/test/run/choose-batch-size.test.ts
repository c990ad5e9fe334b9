import type { Model } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { chooseBatchSize } from '../../src/run/choose-batch-size.ts';

/** A model whose passes take a time that depends on the batch, on a clock of its own. */
function timed(milliseconds: (batch: number) => number, batch?: number) {
  let clock = 0;
  const model = {
    input: { name: 'x', channels: 3, height: 4, width: 4, batch },
    forward: async (input: { shape: readonly number[] }) => {
      clock += milliseconds(input.shape[0]!);
      return { dispose: () => {} };
    },
  } as unknown as Model;
  return chooseBatchSize(model, { now: () => clock });
}

describe('chooseBatchSize', () => {
  it('takes the size with the most images a second', async () => {
    expect(await timed((batch) => 4 + batch)).toBe(16);
    expect(await timed((batch) => batch ** 2)).toBe(1);
    expect(await timed((batch) => 10 + batch ** 2)).toBe(4);
  });

  it('takes the smallest of those that are as good as equal', async () => {
    expect(await timed((batch) => batch)).toBe(1);
    expect(await timed((batch) => 0.02 + batch)).toBe(1);
  });

  it('has no choice where the model has a batch of its own', async () => {
    expect(await timed((batch) => batch, 5)).toBe(5);
  });
});
