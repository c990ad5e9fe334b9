import { OptionError, ShapeError } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaBetweenPerturbationCurves,
  areaUnderCurve,
  type BaselineName,
  type CurveProtocol,
  createImageCache,
  curve,
  type SharedBaselineScores,
  stepCounts,
} from '../../src/index.ts';
import { linearSubject, map } from '../toy-subject.ts';

const everyPixel: CurveProtocol = {
  grid: { step: 1 },
  insertionBaseline: 'zero',
  deletionBaseline: 'zero',
  areaWeighting: 'uniform',
};

describe('areaUnderCurve', () => {
  it('is the mean height of a line and of a step', () => {
    expect(areaUnderCurve([0, 0.5, 1], [0, 0.5, 1], 'uniform')).toBe(0.5);
    expect(areaUnderCurve([0, 0.5, 1], [0, 1, 1], 'uniform')).toBe(0.75);
  });

  it('weighs by true fractions or by index, which differ when the last step is short', () => {
    expect(areaUnderCurve([0, 0.4, 0.8, 1], [0, 0, 0, 1], 'uniform')).toBeCloseTo(1 / 6, 15);
    expect(areaUnderCurve([0, 0.4, 0.8, 1], [0, 0, 0, 1], 'fractions')).toBeCloseTo(0.1, 15);
  });
});

describe('stepCounts', () => {
  it('keeps both ends and a short last step', () => {
    expect(stepCounts({ step: 4 }, 10)).toEqual([0, 4, 8, 10]);
    expect(stepCounts({ steps: 28 }, 224 * 224)[1]).toBe(1792);
    expect(stepCounts({ steps: 8 }, 4)).toEqual([0, 1, 2, 3, 4]);
    expect(() => stepCounts({ steps: 0 }, 4)).toThrow(OptionError);
  });
});

describe('curve', () => {
  const weights = [4, 1, 2, 3];
  const input = map([1, 1, 1, 1], [1, 2, 2]);

  it('of a linear model is the cumulative sum of its weights in the map’s order', async () => {
    const perfect = map(weights, [2, 2]);
    const deletion = await curve(linearSubject(weights), input, 0, perfect, {
      mode: 'deletion',
      protocol: everyPixel,
    });
    expect(deletion.scores).toEqual([10, 6, 3, 1, 0]);
    expect(deletion.auc).toBe((5 + 6 + 3 + 1) / 4);
    const insertion = await curve(linearSubject(weights), input, 0, perfect, {
      mode: 'insertion',
      protocol: everyPixel,
    });
    expect(insertion.scores).toEqual([0, 4, 7, 9, 10]);
    expect(insertion.auc).toBe((4 + 7 + 9 + 5) / 4);
    expect(insertion.normalizedAuc).toBeCloseTo(insertion.auc / 10, 15);
  });

  it('least relevant first is the mirror image of insertion on the same baseline', async () => {
    const options = { protocol: everyPixel } as const;
    const insertion = await curve(linearSubject(weights), input, 0, map([4, 1, 1, 3], [2, 2]), {
      ...options,
      mode: 'insertion',
    });
    const reversed = await curve(linearSubject(weights), input, 0, map([4, 1, 1, 3], [2, 2]), {
      ...options,
      mode: 'deletion',
      order: 'least-relevant-first',
    });
    expect([...reversed.scores].reverse()).toEqual(insertion.scores);
    const abpc = await areaBetweenPerturbationCurves(
      linearSubject(weights),
      input,
      0,
      map([4, 1, 1, 3], [2, 2]),
      options,
    );
    const deletion = await curve(linearSubject(weights), input, 0, map([4, 1, 1, 3], [2, 2]), {
      ...options,
      mode: 'deletion',
    });
    expect(abpc).toBeCloseTo(reversed.auc - deletion.auc, 12);
  });

  it('depends on ranks only: any increasing transform of the map gives the same curve', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 4, maxLength: 4 }),
        async (values) => {
          const options = { mode: 'insertion', protocol: everyPixel } as const;
          const plain = await curve(linearSubject(weights), input, 0, map(values, [2, 2]), options);
          const bent = await curve(
            linearSubject(weights),
            input,
            0,
            map(
              values.map((v) => v ** 3 / 100 - 7),
              [2, 2],
            ),
            options,
          );
          expect(bent.scores).toEqual(plain.scores);
        },
      ),
    );
  });

  it('never computes f(x), f(baseline) or an equal order twice when curves share a cache', async () => {
    const subject = linearSubject(weights);
    const cache = createImageCache();
    const options = { mode: 'deletion', protocol: everyPixel, cache } as const;
    const first = await curve(subject, input, 0, map(weights, [2, 2]), options);
    expect(subject.forwards).toBe(2 + 3);
    const same = await curve(subject, input, 0, map([40, 10, 20, 30], [2, 2]), options);
    expect(subject.forwards).toBe(5);
    expect(same.scores).toEqual(first.scores);
    await curve(subject, input, 0, map([1, 4, 3, 2], [2, 2]), options);
    expect(subject.forwards).toBe(5 + 3);
    await curve(subject, input, 1, map(weights, [2, 2]), options);
    expect(subject.forwards).toBe(8 + 5);
  });

  it('takes f(x) from the cache where the caller knows it', async () => {
    const subject = linearSubject(weights);
    const cache = createImageCache({ classIndex: 0, inputScore: 10 });
    const options = { mode: 'deletion', protocol: everyPixel, cache } as const;
    const { scores } = await curve(subject, input, 0, map(weights, [2, 2]), options);
    expect(scores).toEqual([10, 6, 3, 1, 0]);
    expect(subject.forwards).toBe(1 + 3);
  });

  it('computes f(baseline) once for all images where it looks the same for every image, and only there', async () => {
    const subject = linearSubject(weights);
    const shared: SharedBaselineScores = new Map();
    const other = map([4, 3, 2, 1], [1, 2, 2]);
    const forwardsOf = async (
      image: typeof other,
      classIndex: number,
      name: BaselineName,
      black?: number[],
    ) => {
      const before = subject.forwards;
      const { baselineScore } = await curve(subject, image, classIndex, map(weights, [2, 2]), {
        mode: 'deletion',
        protocol: { ...everyPixel, deletionBaseline: name },
        cache: createImageCache({ classIndex, inputScore: 10 }, shared),
        ...(black ? { black } : {}),
        seed: 3,
      });
      const alone = await curve(linearSubject(weights), image, classIndex, map(weights, [2, 2]), {
        mode: 'deletion',
        protocol: { ...everyPixel, deletionBaseline: name },
        ...(black ? { black } : {}),
        seed: 3,
      });
      expect(baselineScore).toBe(alone.baselineScore);
      return subject.forwards - before - 3;
    };
    for (const name of ['zero', 'noise'] as const) {
      expect(await forwardsOf(input, 0, name)).toBe(1);
      expect(await forwardsOf(other, 0, name)).toBe(0);
      expect(await forwardsOf(other, 1, name)).toBe(0);
    }
    expect(await forwardsOf(input, 0, 'black', [-1])).toBe(1);
    expect(await forwardsOf(other, 0, 'black', [-1])).toBe(0);
    expect(await forwardsOf(other, 0, 'black', [-2])).toBe(1);
    for (const name of ['mean', 'rise-blur'] as const) {
      expect(await forwardsOf(input, 0, name)).toBe(1);
      expect(await forwardsOf(other, 0, name)).toBe(1);
    }
  });

  it('composes on the runtime’s side where the subject can, with the same numbers', async () => {
    const plain = linearSubject(weights);
    const composing = {
      ...plain,
      async scoreMasked(
        a: Parameters<typeof plain.score>[0],
        b: typeof a,
        ranks: Int32Array,
        counts: readonly number[],
      ) {
        const scores = counts.flatMap((count) => {
          const sum = weights.reduce(
            (total, w, i) => total + w * (ranks[i]! < count ? b.data[i]! : a.data[i]!),
            0,
          );
          return [sum, -sum];
        });
        return map(scores, [counts.length, 2]);
      },
    };
    const options = { mode: 'insertion', protocol: everyPixel } as const;
    const expected = await curve(plain, input, 0, map([1, 4, 3, 2], [2, 2]), options);
    expect((await curve(composing, input, 0, map([1, 4, 3, 2], [2, 2]), options)).scores).toEqual(
      expected.scores,
    );
  });

  it('gives the quadrature indicator on grids that halve, and a constant map’s tie fraction', async () => {
    const result = await curve(linearSubject(weights), input, 0, map([1, 1, 1, 1], [2, 2]), {
      mode: 'deletion',
      protocol: everyPixel,
    });
    expect(result.tieFraction).toBe(1);
    expectClose(result.quadratureIndicator!, Math.abs(result.auc - (10 / 2 + 5 + 0) / 2), {
      absolute: 1e-12,
    });
  });

  it('refuses a map of another size and an unknown preset', async () => {
    await expect(
      curve(linearSubject(weights), input, 0, map([1, 2], [1, 2]), { mode: 'deletion' }),
    ).rejects.toThrow(ShapeError);
    await expect(
      curve(linearSubject(weights), input, 0, map(weights, [2, 2]), {
        mode: 'deletion',
        protocol: 'riise' as 'rise',
      }),
    ).rejects.toThrow('unknown preset "riise"');
  });
});
