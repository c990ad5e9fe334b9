import { pack, type view } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import type { ScoreOptions } from '../src/index.ts';
import { maskedScores } from '../src/masked-scores.ts';
import { map } from './toy-subject.ts';

const input = map([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
const replacement = map([-1, -2, -3, -4, -5, -6, -7, -8], [2, 2, 2]);
const ranks = Int32Array.of(2, 0, 3, 1);
const order = [1, 3, 0, 2];

/** Keeps what it was shown. */
function witness(batchSize: number) {
  const seen: number[][] = [];
  const options: (ScoreOptions | undefined)[] = [];
  return {
    seen,
    options,
    batchSize,
    scoreKind: 'logit' as const,
    async score(batch: ReturnType<typeof view>, told?: ScoreOptions) {
      const rows = batch.shape[0]!;
      const data = pack(batch);
      for (let row = 0; row < rows; row++) seen.push([...data.subarray(row * 8, (row + 1) * 8)]);
      options.push(told);
      return map(new Array(rows).fill(0), [rows, 1]);
    },
  };
}

function shown(count: number): number[] {
  const expected = [...input.data];
  for (const pixel of order.slice(0, count))
    for (const at of [pixel, pixel + 4]) expected[at] = replacement.data[at]!;
  return expected;
}

describe('maskedScores', () => {
  it.each([1, 2, 3, 8])(
    'shows each count of pixels, ascending or not, in batches of %i',
    async (batchSize) => {
      const counts = [0, 1, 3, 4, 2, 2, 9, 0, 1];
      const subject = witness(batchSize);
      await maskedScores(subject, input, replacement, ranks, counts, 0);
      expect(subject.seen).toEqual(counts.map(shown));
      expect([...input.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    },
  );

  it('keeps the pictures of two curves that are under way at once apart', async () => {
    const subject = witness(2);
    const slow = {
      ...subject,
      score: async (batch: typeof input, told?: ScoreOptions) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return subject.score(batch, told);
      },
    };
    const counts = [1, 2, 3, 4];
    await maskedScores(slow, input, replacement, ranks, counts, 0);
    subject.seen.length = 0;
    await Promise.all([
      maskedScores(slow, input, replacement, ranks, counts, 0),
      maskedScores(slow, replacement, input, ranks, counts, 0),
    ]);
    const negative = counts.map((count) => shown(count).map((value) => -value));
    expect(subject.seen.map(String).sort()).toEqual([...counts.map(shown), ...negative].map(String).sort());
  });

  it('says that its pictures are finite only where both it composes them of are', async () => {
    const told = async (a: typeof input, b: typeof input) => {
      const subject = witness(2);
      await maskedScores(subject, a, b, ranks, [1, 2, 3], 0);
      return subject.options;
    };
    const bad = map([1, 2, 3, 4, 5, 6, 7, Number.NaN], [2, 2, 2]);
    expect(await told(input, replacement)).toEqual([{ knownFinite: true }, { knownFinite: true }]);
    expect(await told(bad, replacement)).toEqual([{ knownFinite: false }, { knownFinite: false }]);
    expect(await told(input, bad)).toEqual([{ knownFinite: false }, { knownFinite: false }]);
  });
});
