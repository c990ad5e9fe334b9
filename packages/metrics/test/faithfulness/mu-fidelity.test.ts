import { describe, expect, it } from 'vitest';
import { createImageCache, muFidelity } from '../../src/index.ts';
import { linearSubject, map } from '../toy-subject.ts';

describe('muFidelity', () => {
  // On a grid as fine as the pixels, f(x) − f(x without S) is exactly Σ_S weight · value.
  const weights = Array.from({ length: 81 }, (_, i) => Math.sin(i));
  const input = map(new Array(81).fill(1), [1, 9, 9]);

  it('is 1 for the exact attribution of a linear model and −1 for its negative', async () => {
    expect(await muFidelity(linearSubject(weights), input, 0, map(weights, [9, 9]))).toBeCloseTo(1, 3);
    expect(await muFidelity(linearSubject(weights), input, 1, map(weights, [9, 9]))).toBeCloseTo(-1, 3);
  });

  it('is undefined for a constant map, whose subsets all weigh the same', async () => {
    expect(
      await muFidelity(linearSubject(weights), input, 0, map(new Array(81).fill(1), [9, 9])),
    ).toBeUndefined();
  });

  it('scores its masks once for all maps of an image that share a cache', async () => {
    const subject = linearSubject(weights);
    const cache = createImageCache();
    await muFidelity(subject, input, 0, map(weights, [9, 9]), { samples: 20, cache });
    expect(subject.forwards).toBe(21);
    const other = map(
      weights.map((w) => w ** 3),
      [9, 9],
    );
    const shared = await muFidelity(subject, input, 0, other, { samples: 20, cache });
    expect(subject.forwards).toBe(21);
    expect(shared).toBe(await muFidelity(subject, input, 0, other, { samples: 20 }));
  });

  it('repeats with the same seed', async () => {
    const other = map(
      weights.map((w, i) => w + Math.cos(3 * i)),
      [9, 9],
    );
    const first = await muFidelity(linearSubject(weights), input, 0, other, { seed: 9, samples: 50 });
    expect(await muFidelity(linearSubject(weights), input, 0, other, { seed: 9, samples: 50 })).toBe(first);
  });
});
