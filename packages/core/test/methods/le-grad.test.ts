import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { leGrad, OptionError, ShapeError, view } from '../../src/index.ts';

describe('leGrad', () => {
  const gradient = (...values: number[]) => view(Float32Array.from(values), [1, 3, 3]);
  const grid = [1, 2] as const;

  it('leGrad averages the positive gradients of each key over heads, queries and layers', () => {
    const first = gradient(9, 1, -1, 9, 2, -2, 9, 3, 6);
    expectClose(leGrad([first], { grid }), [[2, 2]], { relative: 1e-6 });
    const second = gradient(0, -1, 3, 0, -1, 0, 0, -1, 0);
    expectClose(leGrad([first, second], { grid }), [[1, 1.5]], { relative: 1e-6 });
    const heads = view(Float32Array.from([...first.data, ...second.data]), [2, 3, 3]);
    expectClose(leGrad([heads], { grid }), [[1, 1.5]], { relative: 1e-6 });
  });

  it('leGrad of negative gradients is empty, and other shapes are refused', () => {
    expectClose(leGrad([gradient(-1, -1, -1, -1, -1, -1, -1, -1, -1)], { grid }), [[0, 0]]);
    expect(() => leGrad([view(new Float32Array(3), [3])], { grid })).toThrow(ShapeError);
    expect(() => leGrad([], { grid })).toThrow(OptionError);
  });
});
