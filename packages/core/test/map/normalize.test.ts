import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { NonFiniteError, normalize, OptionError, ShapeError, view } from '../../src/index.ts';

const row = (...values: number[]) => view(Float32Array.from(values), [1, values.length]);

describe('normalize', () => {
  it('normalize(map) divides by the maximum and drops what is negative', () => {
    expectClose(normalize(row(-1, 1, 4)), [[0, 0.25, 1]]);
  });

  it('normalize(map, minmax) takes the minimum to 0 and the maximum to 1', () => {
    expectClose(normalize(row(-1, 1, 3), 'minmax'), [[0, 0.5, 1]]);
  });

  it('normalize(map, none) is a copy with its sign', () => {
    const map = row(-1, 2);
    const copy = normalize(map, 'none');
    expectClose(copy, [[-1, 2]]);
    copy.set(0, 0, 9);
    expect(map.get(0, 0)).toBe(-1);
  });

  it('normalize of what has no scale is 0 everywhere', () => {
    expectClose(normalize(row(0, 0)), [[0, 0]]);
    expectClose(normalize(row(-2, -1)), [[0, 0]]);
    expectClose(normalize(row(3, 3)), [[1, 1]]);
    expectClose(normalize(row(3, 3), 'minmax'), [[0, 0]]);
  });

  it('normalize needs no epsilon for the smallest maps, and applies one that is asked for', () => {
    expectClose(normalize(row(0, 1e-40)), [[0, 1]]);
    expectClose(normalize(row(0, 1e-7), 'minmax', { epsilon: 1e-7 }), [[0, 0.5]], { absolute: 1e-7 });
    expectClose(normalize(row(0, 1e-10), 'max', { epsilon: 1e-10 }), [[0, 0.5]], { absolute: 1e-7 });
  });

  it('normalize refuses NaN, another rank and another name', () => {
    expect(() => normalize(row(Number.NaN))).toThrow(NonFiniteError);
    expect(() => normalize(view(new Float32Array(2), [2]))).toThrow(ShapeError);
    expect(() => normalize(row(1), 'mean' as never)).toThrow(OptionError);
    expect(() => normalize(row(1), { epsilon: 1e-10 } as never)).toThrow(
      'normalize: expected kind max, minmax, none; received object.',
    );
  });
});
