import { describe, expect, test } from 'vitest';
import { floatToHalf, halfToFloat } from '../../src/index.ts';

describe('floatToHalf, halfToFloat', () => {
  test('every half survives the way to float32 and back', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = halfToFloat(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(halfToFloat(floatToHalf(value)))).toBe(true);
      else if (floatToHalf(value) !== bits)
        expect.fail(`0x${bits.toString(16)} became ${floatToHalf(value)}`);
    }
  });

  test.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [3e-8, 0x0001],
    [1.5 * 2 ** -24, 0x0002],
    // Half way between 1 and the next half: to even; a little more: up.
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [6.1e-5, 0x03ff],
  ])('%d becomes the nearest half, ties to even', (value, bits) => {
    expect(floatToHalf(value)).toBe(bits);
  });
});
