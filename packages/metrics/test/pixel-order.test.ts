import { NonFiniteError } from '@hybridcam/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pixelOrder, reverseOrder } from '../src/index.ts';
import { map } from './toy-subject.ts';

describe('pixelOrder', () => {
  it('ranks by value descending and ties in raster order', () => {
    const order = pixelOrder(map([0.1, 0.9, 0.9, 0], [2, 2]));
    expect([...order.pixels]).toEqual([1, 2, 0, 3]);
    expect([...order.ranks]).toEqual([2, 0, 1, 3]);
    expect(order.tieFraction).toBe(0.5);
  });

  it('treats −0 and +0 as the tie they are', () => {
    expect([...pixelOrder(map([-0, 0, 1, -1], [2, 2])).pixels]).toEqual([2, 0, 1, 3]);
  });

  it('agrees with a stable comparator sort on any finite map', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 400 }),
        (values) => {
          const floats = Float32Array.from(values);
          const expected = Array.from(floats.keys()).sort((i, j) => floats[j]! - floats[i]! || i - j);
          expect([...pixelOrder(map([...floats], [1, floats.length])).pixels]).toEqual(expected);
        },
      ),
    );
  });

  it('refuses NaN, which no order can place', () => {
    expect(() => pixelOrder(map([1, Number.NaN], [1, 2]))).toThrow(NonFiniteError);
  });

  it('reverseOrder is the exact mirror image', () => {
    const order = reverseOrder(pixelOrder(map([0.1, 0.9, 0.9, 0], [2, 2])));
    expect([...order.pixels]).toEqual([3, 0, 2, 1]);
    expect([...order.ranks]).toEqual([1, 3, 2, 0]);
  });
});
