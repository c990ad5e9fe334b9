import { OptionError, ShapeError } from '@hybridcam/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  boundaryFScore,
  distractorMass,
  energy,
  pointingGame,
  rankAccuracy,
} from '../../src/index.ts';
import { map } from '../toy-subject.ts';

const corner = { left: 0, top: 0, right: 1, bottom: 1 };

describe('energy', () => {
  it('is the share of positive mass inside, and its lift over area', () => {
    expect(energy(map([3, 1, -5, 0], [2, 2]), corner)).toEqual({ energy: 0.75, lift: 3 });
  });

  it('has a lift of 1 for a constant map and is undefined for an empty one', () => {
    expect(energy(map([1, 1, 1, 1], [2, 2]), map([1, 0, 0, 1], [2, 2]))).toEqual({ energy: 0.5, lift: 1 });
    expect(energy(map([0, 0, 0, -1], [2, 2]), corner)).toBeUndefined();
  });

  it('distractorMass gives each distractor its share', () => {
    expect(
      distractorMass(map([3, 1, 0, 0], [2, 2]), [{ left: 1, top: 0, right: 2, bottom: 1 }, corner]),
    ).toEqual([0.25, 0.75]);
  });

  it('refuses an empty mask, a mask of another size and a box outside the map', () => {
    expect(() => energy(map([1, 1, 1, 1], [2, 2]), map([0, 0, 0, 0], [2, 2]))).toThrow(OptionError);
    expect(() => energy(map([1, 1, 1, 1], [2, 2]), map([1, 0], [1, 2]))).toThrow(ShapeError);
    expect(() => energy(map([1, 1, 1, 1], [2, 2]), { left: 0, top: 0, right: 3, bottom: 1 })).toThrow(
      OptionError,
    );
  });
});

describe('rankAccuracy', () => {
  it('and IoU keep their identity for any map and mask', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 12, maxLength: 12 }),
        fc
          .array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 12 })
          .filter((m) => m.includes(1)),
        (values, mask) => {
          const result = rankAccuracy(map(values, [3, 4]), map(mask, [3, 4]));
          const k = mask.filter(Boolean).length;
          const top = values
            .map((v, i) => [v, i] as const)
            .sort((a, b) => b[0] - a[0] || a[1] - b[1])
            .slice(0, k);
          const hits = top.filter(([, i]) => mask[i]).length;
          expect(result.rankAccuracy).toBeCloseTo(hits / k, 12);
          expect(result.iou).toBeCloseTo(hits / (2 * k - hits), 12);
        },
      ),
    );
  });
});

describe('pointingGame', () => {
  const peakAt = (index: number) =>
    map(
      Array.from({ length: 100 }, (_, i) => (i === index ? 1 : 0)),
      [10, 10],
    );

  it('hits inside the mask, and within the open disc but not on its rim', () => {
    expect(pointingGame(peakAt(0), corner, { tolerance: 0 })).toBe(1);
    expect(pointingGame(peakAt(3), corner, { tolerance: 3.01 })).toBe(1);
    expect(pointingGame(peakAt(3), corner, { tolerance: 3 })).toBe(0);
  });

  it('scales the field’s 15 pixels at 224 by default', () => {
    expect(pointingGame(peakAt(1), corner)).toBe(0); // 15/224·10 = 0.67 pixels
  });
});

describe('averagePrecision', () => {
  it('is 1 for a perfect map and the mask’s area share for a constant one', () => {
    expect(averagePrecision(map([1, 1, 0, 0], [2, 2]), map([1, 1, 0, 0], [2, 2]))).toBe(1);
    expect(averagePrecision(map([7, 7, 7, 7], [2, 2]), map([1, 0, 0, 0], [2, 2]))).toBe(0.25);
  });

  it('of a hand-ranked map is the mean precision at its hits', () => {
    expect(averagePrecision(map([4, 3, 2, 1], [2, 2]), map([1, 0, 1, 0], [2, 2]))).toBeCloseTo(
      (1 + 2 / 3) / 2,
      12,
    );
  });
});

describe('boundaryFScore', () => {
  const square = (left: number) =>
    Array.from({ length: 400 }, (_, i) =>
      i % 20 >= left && i % 20 < left + 6 && i >= 100 && i < 220 ? 1 : 0,
    );

  it('is 1 for the mask itself, falls with the shift, and is 0 far away', () => {
    const mask = map(square(3), [20, 20]);
    expect(boundaryFScore(map(square(3), [20, 20]), mask)).toBe(1);
    const near = boundaryFScore(map(square(5), [20, 20]), mask);
    expect(near).toBeGreaterThan(0);
    expect(near).toBeLessThan(1);
    expect(boundaryFScore(map(square(13), [20, 20]), mask)).toBe(0);
  });
});
