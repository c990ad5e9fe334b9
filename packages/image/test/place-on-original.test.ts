import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ShapeError, view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Geometry, inputGeometry, placeOnOriginal, toInput } from '../src/index.ts';

interface Numbers {
  readonly shape: [number, number];
  readonly values: number[];
}

const { maps } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures/placed.json'), 'utf8')) as {
  maps: { map: Numbers; placed: Numbers }[];
};

const array = ({ shape, values }: Numbers) => view(new Float32Array(values), shape);

describe('placeOnOriginal', () => {
  test('puts a 2×2 crop of a 4×2 picture in its middle', () => {
    const geometry = inputGeometry(
      { width: 4, height: 2 },
      { mode: 'none' },
      { mode: 'center', size: [2, 2] },
    );
    const { map, seen } = placeOnOriginal(view(new Float32Array([1, 2, 3, 4]), [2, 2]), geometry);
    expect(map.shape).toEqual([2, 4]);
    expect([...map.data]).toEqual([0, 1, 2, 0, 0, 3, 4, 0]);
    expect(seen).toEqual({ left: 1, top: 0, width: 2, height: 2 });
  });

  test('cuts the padding of a crop that was larger than the picture', () => {
    const geometry = inputGeometry(
      { width: 1, height: 3 },
      { mode: 'none' },
      { mode: 'center', size: [3, 4] },
    );
    const { map, seen } = placeOnOriginal(
      view(
        Float32Array.from({ length: 12 }, (_, i) => i),
        [3, 4],
      ),
      geometry,
    );
    expect([...map.data]).toEqual([1, 5, 9]); // padded by one column before, two after
    expect(seen).toEqual({ left: 0, top: 0, width: 1, height: 3 });
  });

  test.for(maps)(
    "interpolates as torch's antialiased bilinear: $map.shape on $placed.shape",
    ({ map, placed }) => {
      const [height, width] = placed.shape;
      const geometry = inputGeometry(
        { width, height },
        { mode: 'squash', size: map.shape, filter: 'bilinear' },
        { mode: 'none' },
      );
      const { map: out, seen } = placeOnOriginal(array(map), geometry);
      expectClose(out, array(placed), { absolute: 1e-6 });
      expect(seen).toEqual({ left: 0, top: 0, width, height });
    },
  );

  const geometries = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 40 }))
    .map(([width, height, size]) =>
      inputGeometry(
        { width, height },
        { mode: 'shorter-side', size, filter: 'bilinear' },
        { mode: 'center', size: [20, 16] },
      ),
    );

  test('a picture so long that less than one of its pixels was seen keeps that pixel', () => {
    // Each pixel is 40 samples wide; the middle 16 lie on the two halves of pixels 0 and 1, between their centres.
    const geometry = inputGeometry(
      { width: 2, height: 1 },
      { mode: 'shorter-side', size: 40, filter: 'bilinear' },
      { mode: 'center', size: [20, 16] },
    );
    const ones = view(new Float32Array(20 * 16).fill(1), [20, 16]);
    const { map, seen } = placeOnOriginal(ones, geometry);
    expect(seen).toEqual({ left: 1, top: 0, width: 1, height: 1 });
    expect(map.get(0, 0)).toBe(0);
    expect(map.get(0, 1)).toBeCloseTo(1, 6);
  });

  test('a constant map stays constant where seen and 0 elsewhere; seen are the centres inside the input', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const { input, original } = geometry;
        const ones = view(new Float32Array(input.width * input.height).fill(1), [input.height, input.width]);
        const { map, seen } = placeOnOriginal(ones, geometry);
        // Where no centre lies inside the input, the one pixel of that axis is the subject of the test above.
        const hasCentre = (length: number, scale: number, offset: number, size: number): boolean =>
          Array.from({ length }, (_, i) => (i + 0.5) * scale - offset).some((at) => at >= 0 && at < size);
        const { resized, offset } = geometry;
        const wide = hasCentre(original.width, resized.width / original.width, offset.x, input.width);
        const high = hasCentre(original.height, resized.height / original.height, offset.y, input.height);
        if (!wide) expect(seen.width).toBe(1);
        if (!high) expect(seen.height).toBe(1);
        for (let y = 0; y < original.height; y++) {
          for (let x = 0; x < original.width; x++) {
            const at = toInput({ x: x + 0.5, y: y + 0.5 }, geometry);
            const marginX = Math.min(at.x, input.width - at.x);
            const marginY = Math.min(at.y, input.height - at.y);
            const seenX = x >= seen.left && x < seen.left + seen.width;
            const seenY = y >= seen.top && y < seen.top + seen.height;
            if (wide && Math.abs(marginX) > 1e-9) expect(seenX).toBe(marginX > 0);
            if (high && Math.abs(marginY) > 1e-9) expect(seenY).toBe(marginY > 0);
            expect(map.get(y, x)).toBeCloseTo(seenX && seenY ? 1 : 0, 6);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('stays within the range of the map, never NaN', () => {
    fc.assert(
      fc.property(
        geometries,
        fc.infiniteStream(fc.float({ min: -5, max: 5, noNaN: true })),
        (geometry, stream) => {
          const { input } = geometry;
          const values = Float32Array.from([...stream.take(input.width * input.height)]);
          const { map } = placeOnOriginal(view(values, [input.height, input.width]), geometry);
          const low = Math.min(0, ...values) - 1e-5;
          const high = Math.max(0, ...values) + 1e-5;
          for (const value of map.data) expect(value >= low && value <= high).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('turns the map back for the stored raster', () => {
    // Stored 3 wide, 2 high, orientation 6: upright it is 2 wide, 3 high.
    const geometry: Geometry = inputGeometry(
      { width: 2, height: 3 },
      { mode: 'none' },
      { mode: 'center', size: [1, 2] },
      6,
    );
    const { map, seen } = placeOnOriginal(view(new Float32Array([5, 7]), [1, 2]), geometry, 'stored');
    expect(map.shape).toEqual([2, 3]);
    // Upright rows: 0 0 | 5 7 | 0 0. The left column of the upright picture is the lower row of the stored one.
    expect([...map.data]).toEqual([0, 7, 0, 0, 5, 0]);
    expect(seen).toEqual({ left: 1, top: 0, width: 1, height: 2 });
  });

  test('reads a map of any strides', () => {
    const geometry = inputGeometry({ width: 2, height: 2 }, { mode: 'none' }, { mode: 'none' });
    const map = view(new Float32Array([1, 2, 3, 4]), [2, 2]).transpose(1, 0);
    expect([...placeOnOriginal(map, geometry).map.data]).toEqual([1, 3, 2, 4]);
  });

  test('refuses a map that has not the size of the input', () => {
    const geometry = inputGeometry({ width: 4, height: 4 }, { mode: 'none' }, { mode: 'none' });
    const small = view(new Float32Array(4), [2, 2]);
    expect(() => placeOnOriginal(small, geometry)).toThrow(ShapeError);
    expect(() => placeOnOriginal(small, geometry)).toThrow(/map \[4, 4\].*received \[2,2\]/);
  });
});
