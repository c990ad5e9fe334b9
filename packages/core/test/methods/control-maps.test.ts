import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { centredMap, OptionError, randomMap } from '../../src/index.ts';

describe('randomMap', () => {
  it('randomMap(height, width, seed) is the same every time, and another for another seed', () => {
    expectClose(randomMap(3, 4, 7), randomMap(3, 4, 7));
    expect(() => expectClose(randomMap(3, 4, 7), randomMap(3, 4, 8), { absolute: 0.05 })).toThrow();
    expect(() => randomMap(0, 4, 7)).toThrow(OptionError);
  });

  it('randomMap is uniform on [0, 1) without correlation between neighbours or seeds', () => {
    const [a, b] = [randomMap(200, 200, 1).data, randomMap(200, 200, 2).data];
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    const covariance = (x: Float32Array, y: Float32Array) =>
      mean(Array.from({ length: y.length }, (_, i) => (x[i]! - 0.5) * (y[i]! - 0.5)));
    // Four standard errors of 40 000 draws.
    expectClose(mean(a), 0.5, { absolute: (4 * 0.289) / 200 });
    expectClose(covariance(a, a), 1 / 12, { absolute: (4 * 0.0745) / 200 });
    expectClose(covariance(a, a.subarray(1)), 0, { absolute: 4 / 12 / 200 });
    expectClose(covariance(a, b), 0, { absolute: 4 / 12 / 200 });
    expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...a)).toBeLessThan(1);
  });
});

describe('centredMap', () => {
  it('centredMap peaks in the middle and is symmetric', () => {
    const map = centredMap(3, 5);
    expect(map.get(1, 2)).toBe(1);
    expectClose(map.step(-1, 1), map);
    expectClose(map.step(1, -1), map, { relative: 1e-6 });
    expectClose(map.get(0, 2), Math.exp(-8 / 9), { relative: 1e-6 });
    expectClose(map.get(1, 0), Math.exp(-8 * 0.16), { relative: 1e-6 });
  });
});
