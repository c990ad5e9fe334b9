import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nthSmallest } from '../src/nth-smallest.ts';

const sorted = (values: readonly number[]) => Float32Array.from(values).sort();

describe('nthSmallest', () => {
  it('finds each place of a few values, and leaves them as they are', () => {
    const values = Float32Array.of(3, 1, 2, 1, 5);
    expect([0, 1, 2, 3, 4].map((index) => nthSmallest(values, index))).toEqual([1, 1, 2, 3, 5]);
    expect([...values]).toEqual([3, 1, 2, 1, 5]);
  });

  it('finds what sorting finds, ties and both zeros included', () => {
    const numbers = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ noNaN: true })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(numbers, fc.nat(), (values, place) => {
        const index = place % values.length;
        // Sorting puts -0 before 0; as values they are one.
        expect(nthSmallest(Float32Array.from(values), index) - sorted(values)[index]! || 0).toBe(0);
      }),
    );
  });

  it.each([
    ['equal', () => 7],
    ['rising', (i: number) => i],
    ['falling', (i: number) => -i],
    ['saw-toothed', (i: number) => i % 13],
  ])('does not take long where all values are %s', (_, value) => {
    const values = Float32Array.from({ length: 1_000_000 }, (_unused, i) => value(i));
    // Quadratic behaviour would take hours.
    expect(nthSmallest(values, 800_000)).toBe(values.slice().sort()[800_000]);
  });
});
