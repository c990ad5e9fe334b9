import { describe, expect, it } from 'vitest';
import { neededImages } from '../../src/claims/needed-images.ts';

describe('neededImages', () => {
  it('quarters the width with sixteen times the images, in two digits, and always names more than there are', () => {
    expect(neededImages(1, { low: -3, high: 5 }, 10, [0])).toBe(160);
    expect(neededImages(1, { low: -2.3, high: 4.3 }, 10, [0])).toBe(110);
    expect(neededImages(0.9, { low: -0.1, high: 1.9 }, 10, [0, 3])).toBe(13);
    expect(neededImages(1, { low: 0, high: 2 }, 10, [0])).toBe(11);
  });

  it('does not pretend to know more than a million', () => {
    expect(neededImages(0, { low: -1, high: 1 }, 10, [0])).toBe(1_000_000);
    expect(neededImages(1e-9, { low: -1, high: 1 }, 10, [0])).toBe(1_000_000);
  });
});
