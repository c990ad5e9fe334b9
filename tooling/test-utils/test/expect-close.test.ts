import { describe, expect, it } from 'vitest';
import { expectClose } from '../src/index.ts';

describe('expectClose', () => {
  it('expectClose(a, a) passes for numbers, flat, nested and strided arrays', () => {
    expectClose(1, 1);
    expectClose(new Float32Array([1, 2]), [1, 2]);
    expectClose({ data: [1, 2, 3, 4], shape: [2, 2], stride: [1, 2], offset: 0 }, [
      [1, 3],
      [2, 4],
    ]);
  });

  it('expectClose without a tolerance asks for equal numbers', () => {
    expect(() => expectClose([1], [1.0000001])).toThrow(/1 of 1 values differ/);
  });

  it('expectClose applies absolute, relative and relativeToMax, and names the worst index', () => {
    expectClose([1.05], [1], { absolute: 0.051 });
    expect(() => expectClose([1.05], [1], { absolute: 0.049 })).toThrow();
    expectClose([105, 1], [100, 1], { relative: 0.051 });
    expect(() => expectClose([100, 1.1], [100, 1], { relative: 0.051 })).toThrow(/worst at \[1\]/);
    expectClose([100, 1.1], [100, 1], { relativeToMax: 0.0011 });
    expect(() =>
      expectClose(
        [
          [0, 0],
          [0, 9],
        ],
        [
          [0, 0],
          [0, 0],
        ],
        { absolute: 1 },
      ),
    ).toThrow(/worst at \[1,1\]/);
  });

  it('expectClose rejects another shape even when the values agree', () => {
    expect(() => expectClose([[1, 2]], [1, 2])).toThrow(/expected shape \[2\]; received shape \[1,2\]/);
  });

  it('expectClose rejects NaN and infinity on either side, even in the same place', () => {
    expect(() => expectClose([Number.NaN], [Number.NaN], { absolute: 1 })).toThrow(/actual holds NaN/);
    expect(() => expectClose([1], [Number.POSITIVE_INFINITY], { relative: 1 })).toThrow(
      /expected holds Infinity/,
    );
  });
});
