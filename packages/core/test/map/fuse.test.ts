import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { fuse, OptionError, ShapeError, view } from '../../src/index.ts';

const row = (...values: number[]) => view(Float32Array.from(values), [1, values.length]);

describe('fuse', () => {
  it('fuse(a, b, alpha) multiplies powers of both maps relative to their maxima', () => {
    expectClose(fuse(row(1, 4), row(9, 1), 0.5), [[0.5, 1 / 3]], { relative: 1e-7 });
  });

  it('fuse with alpha 1 or 0 is one map alone, also where the other is 0', () => {
    expectClose(fuse(row(1, 2), row(0, 0), 1), [[0.5, 1]]);
    expectClose(fuse(row(0, 0), row(1, 2), 0), [[0.5, 1]]);
  });

  it('fuse counts negative values as 0 and an empty map as all 0', () => {
    expectClose(fuse(row(-1, 2), row(1, 1), 0.5), [[0, 1]]);
    expectClose(fuse(row(0, 0), row(1, 1), 0.5), [[0, 0]]);
  });

  it('fuse(…, { epsilon }) adds it to both maxima', () => {
    expectClose(fuse(row(1e-10), row(1), 0.5, { epsilon: 1e-10 }), [[Math.SQRT1_2]], { relative: 1e-6 });
  });

  it('fuse refuses maps of different sizes and an alpha outside [0, 1]', () => {
    expect(() => fuse(row(1, 2), row(1), 0.5)).toThrow(ShapeError);
    expect(() => fuse(row(1), row(1), -0.5)).toThrow(OptionError);
  });
});
