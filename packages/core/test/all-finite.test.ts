import { describe, expect, test } from 'vitest';
import { allFinite } from '../src/all-finite.ts';

describe('allFinite', () => {
  test('finds NaN and both infinities at every place of short and long arrays', () => {
    for (const length of [1, 2, 3, 4, 5, 6, 7, 8, 11]) {
      const values = Float32Array.from({ length }, (_, i) => (i % 2 ? -3.4e38 : 1e-45));
      expect(allFinite(values)).toBe(true);
      for (let i = 0; i < length; i++) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          expect(allFinite(values.with(i, bad))).toBe(false);
        }
      }
    }
    expect(allFinite(new Float32Array(0))).toBe(true);
  });
});
