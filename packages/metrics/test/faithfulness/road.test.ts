import { OptionError } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { imputeLinear, imputeNoisy, road } from '../../src/index.ts';
import { scipy } from '../fixtures/scipy.ts';
import { linearSubject, map } from '../toy-subject.ts';

describe('imputeLinear', () => {
  it('agrees with SciPy’s direct sparse solve', () => {
    const { shape, input } = scipy.rise_blur;
    expectClose(imputeLinear(map(input, shape), scipy.impute.missing).data, scipy.impute.output, {
      absolute: 5e-5,
    });
  });

  it('agrees with it on a large picture with nine tenths missing', () => {
    const { side, threshold, every, expected } = scipy.impute_large;
    const at = (i: number): [number, number] => [Math.floor(i / side), i % side];
    const picture = Array.from({ length: side * side }, (_, i) => {
      const [y, x] = at(i);
      return 2 * Math.sin(0.11 * x + 0.05 * y) + Math.cos(1.7 * x - 2.3 * y);
    });
    const missing = picture.map((_, i) => {
      const [y, x] = at(i);
      return Math.sin(0.07 * x) + Math.cos(0.09 * y) + 0.2 * Math.sin(3 * x + 5 * y) < threshold ? 1 : 0;
    });
    const filled = imputeLinear(map(picture, [1, side, side]), missing).data;
    const holes = missing.flatMap((gone, i) => (gone ? [i] : []));
    expect(holes).toHaveLength(scipy.impute_large.count);
    expectClose(
      holes.filter((_, i) => i % every === 0).map((i) => filled[i]!),
      expected,
      { absolute: 5e-5 },
    );
  });

  it('restores a constant image and an interior hole in a linear ramp', () => {
    // What the solver leaves: about 1e-5 of the largest known value.
    const hole = Array.from({ length: 81 }, (_, i) =>
      Math.abs(Math.floor(i / 9) - 4) < 3 && Math.abs((i % 9) - 4) < 3 ? 1 : 0,
    );
    const ramp = Array.from({ length: 81 }, (_, i) => 2 * Math.floor(i / 9) - (i % 9));
    expectClose(imputeLinear(map(ramp, [1, 9, 9]), hole).data, ramp, { absolute: 5e-5 });
    const constant = new Array(81).fill(3);
    expectClose(
      imputeLinear(
        map(constant, [1, 9, 9]),
        hole.map((h) => 1 - h),
      ).data,
      constant,
      { absolute: 5e-5 },
    );
  });

  it('refuses to invent an image from nothing', () => {
    expect(() => imputeLinear(map([1, 2], [1, 1, 2]), [1, 1])).toThrow(OptionError);
  });
});

describe('road', () => {
  const weights = Array.from({ length: 36 }, (_, i) => (i === 14 ? 10 : 0.1));
  const input = map(
    Array.from({ length: 36 }, (_, i) => (i === 14 ? 5 : (i % 3) * 0.1)),
    [1, 6, 6],
  );

  it('scores a map that finds the evidence above its negative', async () => {
    const good = await road(linearSubject(weights), input, 0, map(weights, [6, 6]), { noise: 0 });
    const bad = await road(
      linearSubject(weights),
      input,
      0,
      map(
        weights.map((w) => -w),
        [6, 6],
      ),
      { noise: 0 },
    );
    expect(good.combined).toBeGreaterThan(10);
    expect(bad.combined).toBeLessThan(-10);
    expect(good.mostRelevantFirst).toHaveLength(9);
  });

  it('removes exactly the asked share although most of a rectified map is zero', async () => {
    const removed: number[] = [];
    const subject = linearSubject(weights);
    const spy = {
      ...subject,
      batchSize: 1,
      async score(batch: Parameters<typeof subject.score>[0]) {
        removed.push(batch.data.reduce((n, v, i) => n + (v === input.data[i] ? 0 : 1), 0));
        return subject.score(batch);
      },
    };
    await road(
      spy,
      input,
      0,
      map(
        weights.map((w) => (w > 1 ? 1 : 0)),
        [6, 6],
      ),
      { removeFractions: [0.25], noise: 1 },
    );
    expect(removed).toEqual([9, 9]);
  });

  it('adds noise to imputed pixels only, the same for the same seed', () => {
    const missing = weights.map((w) => (w > 1 ? 1 : 0));
    const a = imputeNoisy(input, missing, { seed: 3 });
    expect(a.data).toEqual(imputeNoisy(input, missing, { seed: 3 }).data);
    expect([...a.data].filter((v, i) => v !== input.data[i])).toHaveLength(1);
  });
});
