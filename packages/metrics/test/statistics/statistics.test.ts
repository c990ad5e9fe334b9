import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  bootstrapMean,
  comparePaired,
  friedman,
  holm,
  judgeFamily,
  pearson,
  quantile,
  seededRandom,
  spearman,
  wilcoxonSignedRank,
  wilsonInterval,
} from '../../src/index.ts';
import { normalUpperQuantile, normalUpperTail } from '../../src/statistics/normal.ts';
import { scipy } from '../fixtures/scipy.ts';

describe('wilcoxonSignedRank', () => {
  it.each(scipy.wilcoxon.map((test) => [test.differences.length, test.method, test] as const))(
    'agrees with SciPy on %d differences (%s)',
    (_, method, test) => {
      const result = wilcoxonSignedRank(test.differences)!;
      expect(result.method).toBe(method);
      expectClose(result.p, test.p, { relative: 1e-9 });
    },
  );

  it('has nothing to test when all differences are zero', () => {
    expect(wilcoxonSignedRank([0, 0])).toBeUndefined();
  });
});

describe('correlation', () => {
  it('agrees with SciPy, ties included', () => {
    expectClose(spearman(scipy.spearman.a, scipy.spearman.b)!, scipy.spearman.rho, { absolute: 1e-12 });
    expectClose(pearson(scipy.spearman.a, scipy.spearman.b)!, scipy.spearman.pearson, { absolute: 1e-12 });
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeUndefined();
  });
});

describe('bootstrapMean', () => {
  it('agrees with SciPy’s percentile bootstrap within Monte-Carlo error', () => {
    const { values, low, high } = scipy.bootstrap;
    const interval = bootstrapMean(values, { resamples: 40_000 })!;
    // Standard error of a 2.5 % quantile of 40 000 draws is 0.9 % of the interval's half-width; three of them.
    const error = 0.027 * ((high - low) / 2);
    expectClose(interval.low, low, { absolute: error });
    expectClose(interval.high, high, { absolute: error });
  });

  it('is undefined for one image and the same for the same seed', () => {
    expect(bootstrapMean([1])).toBeUndefined();
    expect(bootstrapMean([1, 2, 5], { seed: 3 })).toEqual(bootstrapMean([1, 2, 5], { seed: 3 }));
  });

  it('quantile interpolates as numpy does', () => {
    expect(quantile([0, 1, 2, 10], 0.5)).toBe(1.5);
    expect(quantile([0, 1, 2, 10], 1)).toBe(10);
  });
});

describe('seededRandom', () => {
  it('gives the golden values on every engine', () => {
    const random = seededRandom(42);
    expect([random.integer(1000), random.integer(1000), random.integer(1000)]).toMatchInlineSnapshot(`
      [
        660,
        111,
        79,
      ]
    `);
  });

  it('is uniform enough for a chi-square test of 100 bins', () => {
    const random = seededRandom(1);
    const bins = new Float64Array(100);
    for (let i = 0; i < 100_000; i++) bins[random.integer(100)]!++;
    const chiSquare = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(149); // 99.9 % quantile for 99 degrees of freedom
    expect(chiSquare).toBeGreaterThan(60); // 0.1 % quantile: too even is wrong as well
  });
});

describe('holm, wilsonInterval, normalUpperTail', () => {
  it('holm steps down and keeps the order given', () => {
    expectClose(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06], { absolute: 1e-15 });
  });

  it.each([
    // By hand: times 4, 3, 2, 1 in rising order, never below the one before, at most 1.
    [
      [0.01, 0.02, 0.03, 0.04],
      [0.04, 0.06, 0.06, 0.06],
    ],
    [
      [0.04, 0.001, 0.03, 0.0125],
      [0.06, 0.004, 0.06, 0.0375],
    ],
    [
      [0.5, 0.5, 0.01],
      [1, 1, 0.03],
    ],
    [
      [0.02, 0.02],
      [0.04, 0.04],
    ],
    [[0.7], [0.7]],
    [[], []],
  ])('holm of %j is %j', (pValues, adjusted) => {
    expectClose(holm(pValues), adjusted, { absolute: 1e-15 });
  });

  it.each(scipy.holm.map(({ p, adjusted }) => [p.length, p, adjusted] as const))(
    'holm of %d p-values agrees with statsmodels',
    (_, p, adjusted) => {
      expectClose(holm(p), adjusted, { absolute: 1e-12 });
    },
  );

  it('wilsonInterval agrees with SciPy', () => {
    expectClose(wilsonInterval(37, 100)!.low, scipy.wilson.low, { absolute: 1e-9 });
    expectClose(wilsonInterval(37, 100)!.high, scipy.wilson.high, { absolute: 1e-9 });
  });

  it('normalUpperQuantile is its inverse', () => {
    expect(normalUpperQuantile(0.025)).toBeCloseTo(1.959963984540054, 12);
    expect(normalUpperQuantile(0.2)).toBeCloseTo(0.8416212335729143, 12);
    expect(normalUpperQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalUpperQuantile(0.9)).toBeCloseTo(-1.2815515655446004, 12);
  });

  it('normalUpperTail agrees with SciPy to 1e-12 relative', () => {
    scipy.normal_tail.z.forEach((z, i) => {
      expectClose(normalUpperTail(z), scipy.normal_tail.p[i]!, { relative: 1e-12 });
    });
  });
});

describe('friedman', () => {
  it.each(scipy.friedman.map((test) => [test.table.length, test.table[0]!.length, test] as const))(
    'agrees with SciPy on %d images and %d methods',
    (_, methods, { table, statistic, p }) => {
      const result = friedman(table)!;
      expectClose(result.statistic, statistic, { relative: 1e-9 });
      expectClose(result.p, p, { relative: 1e-9 });
      const total = result.meanRanks.reduce((sum, rank) => sum + rank, 0);
      expectClose(total, (methods * (methods + 1)) / 2, { absolute: 1e-12 });
    },
  );

  it('has nothing to test for two methods or when all tie', () => {
    expect(
      friedman([
        [1, 2],
        [1, 2],
      ]),
    ).toBeUndefined();
    expect(
      friedman([
        [1, 1, 1],
        [2, 2, 2],
      ]),
    ).toBeUndefined();
    expect(() => friedman([[1, 2, 3], [1]])).toThrow('expected 3 methods');
    expect(() => friedman([[1, 2, Number.NaN]])).toThrow('finite');
  });
});

describe('comparePaired', () => {
  const reference = Array.from({ length: 60 }, (_, i) => 0.5 + 0.01 * Math.sin(i));
  const shifted = (by: number) => reference.map((value, i) => value + by + 0.001 * Math.cos(7 * i));

  it('says better or worse in the metric’s own direction', () => {
    const options = { direction: 'higher-is-better', margin: 0.001 } as const;
    expect(comparePaired(shifted(0.02), reference, options).verdict).toBe('better');
    expect(comparePaired(shifted(-0.02), reference, options).verdict).toBe('worse');
    expect(
      comparePaired(shifted(-0.02), reference, { ...options, direction: 'lower-is-better' }).verdict,
    ).toBe('better');
    expect(
      comparePaired(shifted(-0.02), reference, { ...options, direction: 'lower-is-better' }).winRate,
    ).toBe(1);
  });

  it('says equivalent inside the margin, and inconclusive with the images it would need', () => {
    expect(
      comparePaired(shifted(0), reference, { direction: 'higher-is-better', margin: 0.01 }).verdict,
    ).toBe('equivalent');
    const noisy = reference.map((value, i) => value + (i % 2 ? 0.2 : -0.2));
    const result = comparePaired(noisy, reference, { direction: 'higher-is-better', margin: 0.005 });
    expect(result.verdict).toBe('inconclusive');
    expect(result.neededCount).toBe(Math.ceil(7.848879734349087 * (result.standardDeviation / 0.005) ** 2));
    // A difference larger than the margin needs fewer images than the margin would; among four comparisons it needs more again.
    const values = reference.map((value, i) => value + 0.05 + (i % 2 ? 0.2 : -0.2));
    const larger = comparePaired(values, reference, { direction: 'higher-is-better', margin: 0.005 });
    expect(larger.meanDifference).toBeCloseTo(0.05, 12);
    expect(larger.verdict).toBe('inconclusive');
    expect(larger.neededCount).toBe(Math.ceil(7.848879734349087 * (larger.standardDeviation / 0.05) ** 2));
    // z(0.05 / 8) = 2.4977.
    expect(judgeFamily([larger, larger, larger, larger])[0]!.neededCount).toBe(
      Math.ceil(
        (2.497705474412373 + 0.8416212335729143) ** 2 *
          (larger.standardDeviation / larger.meanDifference) ** 2,
      ),
    );
  });

  it('of a method with itself is equivalent, with no effect size and no test', () => {
    const same = comparePaired(reference, reference, { direction: 'higher-is-better' });
    expect(same).toMatchObject({ verdict: 'equivalent', meanDifference: 0, winRate: 0.5 });
    expect(same.effectSize).toBeUndefined();
    expect(same.test).toBeUndefined();
  });
});

describe('judgeFamily', () => {
  const zero = (count: number) => new Array<number>(count).fill(0);
  /** All differences of one sign and different, so that the exact test gives its smallest p. */
  const agreeing = (count: number) => Array.from({ length: count }, (_, i) => 1 + 0.1 * i);
  const compare = (values: readonly number[]) =>
    comparePaired(values, zero(values.length), { direction: 'higher-is-better', margin: 0.01 });

  it('needs Holm’s adjusted p too: six images that agree decide alone, not among three', () => {
    const one = compare(agreeing(6));
    expect(one.test!.p).toBeCloseTo(2 / 64, 12);
    expect(one.verdict).toBe('better');
    expect(judgeFamily([one])[0]).toMatchObject({ verdict: 'better', tooFew: false, pHolm: 2 / 64 });
    const noisy = compare([1, -1.1, 0.9, -1.2, 0.8, -0.95]);
    const [first] = judgeFamily([one, noisy, noisy]);
    // 3 · 2/2ⁿ ≤ 0.05 from n = 7 on: 3 · 2/128 = 0.047.
    expect(first).toMatchObject({ verdict: 'inconclusive', tooFew: true, neededCount: expect.any(Number) });
    expect(first!.pHolm).toBeCloseTo(6 / 64, 12);
    expect(first!.neededCount).toBeGreaterThanOrEqual(7);
    expect(judgeFamily([compare(agreeing(7)), noisy, noisy])[0]).toMatchObject({
      verdict: 'better',
      tooFew: false,
    });
  });

  it('five images never decide, also where ties make the approximation promise it', () => {
    expect(compare(agreeing(5)).verdict).toBe('inconclusive');
    const tied = compare([1, 1, 1, 1, 1]);
    expect(tied.test!.p).toBeLessThan(0.05);
    expect(tied.verdict).toBe('inconclusive');
    expect(judgeFamily([tied])[0]).toMatchObject({ verdict: 'inconclusive', tooFew: true, neededCount: 6 });
  });

  it('counts only images that changed: zeros give no evidence', () => {
    const [judged] = judgeFamily([compare([...agreeing(5), ...zero(4)])]);
    expect(judged).toMatchObject({ count: 9, changedCount: 5, verdict: 'inconclusive', tooFew: true });
  });

  it('needs as many images as bring enough changed ones, not as many images', () => {
    // Two-sided, 2/2ⁿ ≤ 0.05 from n = 6 on; of 500 images 4 changed, so 6 of them are expected in 750.
    // The margin is so wide that 500 images have the power to see it: what is missing is changed images alone.
    const values = [...agreeing(4), ...zero(496)];
    const one = comparePaired(values, zero(500), { direction: 'higher-is-better', margin: 0.0135 });
    const [judged] = judgeFamily([one]);
    expect(one.neededCount).toBeUndefined();
    expect(judged).toMatchObject({
      changedCount: 4,
      verdict: 'inconclusive',
      tooFew: true,
      neededCount: 750,
    });
  });

  it('undecided for want of agreement is not too few', () => {
    const noisy = comparePaired(
      Array.from({ length: 40 }, (_, i) => Math.sin(2 + 7 * i)),
      zero(40),
      { direction: 'higher-is-better', margin: 0.01 },
    );
    expect(judgeFamily([noisy])[0]).toMatchObject({ verdict: 'inconclusive', tooFew: false });
  });

  it('equivalence needs no test: what is the same everywhere stays equivalent', () => {
    const [judged] = judgeFamily([compare(zero(4))]);
    expect(judged).toMatchObject({ verdict: 'equivalent', tooFew: false });
    expect(judged!.pHolm).toBeUndefined();
  });
});
