import { execFileSync } from 'node:child_process';
import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import type { NdArray } from 'ndarray';
import { describe, expect, it } from 'vitest';
import { pack, ShapeError, view } from '../src/index.ts';
import { stridedView } from '../src/strided-view.ts';
import { bundle } from './bundle.ts';

const counted = (size: number) => Float32Array.from({ length: size }, (_, i) => i);

describe('view', () => {
  it('view(data, shape) reads and writes row-major', () => {
    const array = view(counted(6), [2, 3]);
    expect(array.get(1, 2)).toBe(5);
    array.set(1, 2, 9);
    expect(array.data[5]).toBe(9);
    expect(array).toMatchObject({
      shape: [2, 3],
      stride: [3, 1],
      offset: 0,
      dtype: 'float32',
      dimension: 2,
      size: 6,
    });
  });

  it('view refuses data of another size and impossible shapes', () => {
    expect(() => view(counted(5), [2, 3])).toThrow(ShapeError);
    expect(() => view(counted(5), [2, 3])).toThrow('view: expected 6 values for shape [2,3]; received 5.');
    expect(() => view(counted(2), [-1, -2])).toThrow(ShapeError);
    expect(() => view(counted(3), [1.5, 2])).toThrow(ShapeError);
  });
});

describe('pack', () => {
  it('pack(array) gives row-major data itself when it already lies so', () => {
    const data = counted(6);
    expect(pack(view(data, [2, 3]))).toBe(data);
    expect(pack(view(data, [1, 2, 3]).pick(0, null, null))).toBe(data);
  });

  it('pack follows transposed, stepped, reversed, offset and float64 views', () => {
    const array = view(counted(6), [2, 3]);
    expectClose(pack(array.transpose(1, 0)), [0, 3, 1, 4, 2, 5]);
    expectClose(pack(array.step(-1, -2)), [5, 3, 2, 0]);
    expectClose(pack(array.lo(1, 1)), [4, 5]);
    expectClose(pack(array.pick(null, 1)), [1, 4]);
    expectClose(pack({ data: Float64Array.of(1, 2), shape: [2], stride: [1], offset: 0 }), [1, 2]);
    expectClose(pack({ data: [7], shape: [2, 2], stride: [0, 0], offset: 0 }), [7, 7, 7, 7]);
  });
});

/** Every value in index order and everything else a reader can see. */
function seen(array: NdArray<Float32Array>) {
  return {
    values: Array.from(pack(array)),
    shape: [...array.shape],
    stride: [...array.stride],
    offset: array.offset,
    size: array.size,
    dimension: array.dimension,
    dtype: array.dtype,
  };
}

describe('stridedView', () => {
  const index = fc.option(fc.integer({ min: -2, max: 3 }), { nil: null });
  const steps = fc.constantFrom(-2, -1, 1, 2, 3);
  const operation = fc.oneof(
    fc.tuple(
      fc.constant('transpose'),
      fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
    ),
    fc.tuple(fc.constant('step'), fc.array(steps, { minLength: 3, maxLength: 3 })),
    fc.tuple(fc.constant('lo'), fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 })),
    fc.tuple(fc.constant('hi'), fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 })),
  );

  it('stridedView behaves as the ndarray package under any chain of views', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 4 }),
        fc.array(index, { minLength: 3, maxLength: 3 }),
        (chain, picks) => {
          let [ours, theirs] = [stridedView(counted(60), [3, 4, 5]), view(counted(60), [3, 4, 5])];
          for (const [name, values] of chain) {
            const key = name as 'transpose';
            ours = ours[key](...values);
            theirs = theirs[key](...values);
            if (theirs.shape.some((extent) => extent < 1)) return;
            expect(seen(ours)).toEqual(seen(theirs));
            const strides = theirs.stride.map(Math.abs);
            if (new Set(strides).size === 3) expect(ours.order).toEqual(theirs.order);
          }
          const inside = picks.map((pick, axis) =>
            pick === null ? null : Math.min(pick, theirs.shape[axis]! - 1),
          );
          if (inside.every((pick) => pick !== null && pick >= 0)) return;
          expect(seen(ours.pick(...inside))).toEqual(seen(theirs.pick(...inside)));
        },
      ),
    );
  });

  it('stridedView gets, sets and indexes as the ndarray package, down to rank 0', () => {
    const [ours, theirs] = [stridedView(counted(6), [2, 3]), view(counted(6), [2, 3])];
    for (const array of [ours, theirs]) {
      array.transpose(1, 0).set(2, 1, 8);
      expect(array.get(1, 2)).toBe(8);
      expect(array.index(1, 1)).toBe(4);
      expect(array.pick(1, 2).get()).toBe(8);
      expect(array.transpose().shape).toEqual([2, 3]);
    }
    expect(stridedView(counted(4), [4]).order).toEqual([0]);
    const [a, b] = [stridedView(counted(1), []), view(counted(1), [])];
    expect([a.size, a.dimension, a.get()]).toEqual([b.size, b.dimension, b.get()]);
  });

  it('view works in a process that forbids code generation, as a strict Content-Security-Policy does', async () => {
    const code = await bundle(`
      import { hybridCam, view } from '@hybridcam/core';
      let evalForbidden = false;
      try { new Function('return 1'); } catch (error) { evalForbidden = error instanceof EvalError; }
      const activations = view(Float32Array.of(0, 2, 3, 4, 9, 9, 9, 9), [2, 2, 2]);
      const map = hybridCam(activations, view(Float32Array.of(1, 0), [2]), { alpha: 1 });
      console.log(JSON.stringify({
        evalForbidden,
        generated: map.constructor.name.startsWith('View'),
        map: [...map.data],
        picked: [...activations.pick(0, 1, null).lo(0).data.slice(2, 4)],
      }));
    `);
    const args = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', code];
    expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toEqual({
      evalForbidden: true,
      generated: false,
      map: [0, 0.5, 0.75, 1],
      picked: [3, 4],
    });
  });
});
