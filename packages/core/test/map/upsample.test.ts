import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OptionError, upsample, view } from '../../src/index.ts';

describe('upsample', () => {
  it('upsample places cells at half-pixel centres', () => {
    expectClose(upsample(view(Float32Array.of(0, 4), [1, 2]), 1, 4), [[0, 1, 3, 4]]);
    expectClose(upsample(view(Float32Array.of(0, 4, 8, 12), [2, 2]), 4, 4), [
      [0, 1, 3, 4],
      [2, 3, 5, 6],
      [6, 7, 9, 10],
      [8, 9, 11, 12],
    ]);
  });

  it('upsample lowers a one-cell peak of 7×7 to 0.969 at 224×224, in the middle of its cell', () => {
    const map = view(new Float32Array(49), [7, 7]);
    map.set(1, 5, 1);
    const large = upsample(map, 224, 224);
    const peak = Math.max(...large.data);
    expectClose(peak, (1 - 0.5 / 32) ** 2, { relative: 1e-6 });
    expect([47, 48]).toContain(Math.floor(large.data.indexOf(peak) / 224));
    expect(large.data.indexOf(peak) % 224).toBe(175);
  });

  it('upsample to the same size is the map, and of one cell is constant', () => {
    const map = view(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    expectClose(upsample(map, 2, 3), map);
    expectClose(upsample(view(Float32Array.of(7), [1, 1]), 2, 2), [
      [7, 7],
      [7, 7],
    ]);
  });

  it('upsample to a smaller size samples without antialiasing, as cv2.INTER_LINEAR does', () => {
    expectClose(upsample(view(Float32Array.of(0, 1, 2, 3, 4, 5), [1, 6]), 1, 2), [[1, 4]]);
  });

  it('upsample stays within the range of the map', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
          minLength: 6,
          maxLength: 6,
        }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (values, height, width) => {
          const large = upsample(view(Float32Array.from(values), [2, 3]), height, width);
          expect(Math.min(...large.data)).toBeGreaterThanOrEqual(Math.min(...values));
          expect(Math.max(...large.data)).toBeLessThanOrEqual(Math.max(...values));
        },
      ),
    );
  });

  it('upsample refuses a size that is not two integers ≥ 1', () => {
    const map = view(Float32Array.of(1), [1, 1]);
    for (const [height, width] of [
      [0, 4],
      [4, 2.5],
      [Number.NaN, 4],
    ] as const) {
      expect(() => upsample(map, height, width)).toThrow(OptionError);
    }
  });
});
