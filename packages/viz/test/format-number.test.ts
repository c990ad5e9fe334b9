import { describe, expect, it } from 'vitest';
import { formatNumber } from '../src/index.ts';
import { roundTicks } from '../src/ticks.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [-3.25, '−3.25'],
    [17.94, '17.9'],
    [0.1145, '0.115'],
    [1234.5, '1235'],
    [999_999, '999999'],
    [12_345_678, '1.23·10⁷'],
    [-0.00012, '−1.2·10⁻⁴'],
    [0.30000000000000004, '0.3'],
    [100, '100'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NaN, 'NaN'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('takes more digits when asked', () => {
    expect(formatNumber(17.9432, 5)).toBe('17.943');
  });
});

describe('roundTicks', () => {
  it('steps by 1, 2 or 5 times a power of ten', () => {
    expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(-1.5, 17.94, 4)).toEqual([0, 5, 10, 15]);
    expect(roundTicks(-0.3, 0.3, 6)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  });

  it('has an exact zero', () => {
    expect(roundTicks(-1, 1, 4).some((tick) => Object.is(tick, -0))).toBe(false);
  });
});
