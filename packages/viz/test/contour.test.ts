import { NonFiniteError, OptionError, ShapeError } from '@hybridcam/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marchingSquares } from '../src/contour.ts';
import { contour, filledImage } from '../src/index.ts';
import { readMap } from '../src/scalar-map.ts';
import { mapFrom } from './fixture.ts';

const ramp = mapFrom(Array.from({ length: 40 }, () => Array.from({ length: 60 }, (_, x) => x / 59)));
const picture = filledImage(60, 40, [90, 90, 90]);

describe('contour', () => {
  it('draws the line where the ramp reaches the level, in white with a dark rim', () => {
    const drawn = contour(picture, ramp, { levels: [0.5], lineWidth: 2 });
    const red = (x: number): number => drawn.data[4 * (20 * 60 + x)]!;
    // 0.5 is reached at x = 29.5, whose pixel centre lies at 30.
    expect(red(29)).toBe(255);
    expect(red(30)).toBe(255);
    expect(red(28)).toBeLessThan(60);
    expect(red(31)).toBeLessThan(60);
    expect(red(20)).toBe(90);
  });

  it('encloses the asked share of the area', () => {
    const drawn = contour(picture, ramp, { top: [0.25], lineWidth: 1 });
    const row = Array.from({ length: 60 }, (_, x) => drawn.data[4 * (20 * 60 + x)]!);
    expect(Math.abs(row.indexOf(Math.max(...row)) - 45)).toBeLessThanOrEqual(1);
  });

  it('draws nothing for a level outside the values and leaves the picture alone', () => {
    expect(contour(picture, ramp, { levels: [2] })).toEqual(picture);
    expect([...picture.data.subarray(0, 4)]).toEqual([90, 90, 90, 255]);
  });

  it('says in words when the map says nothing', () => {
    const flat = mapFrom(Array.from({ length: 200 }, () => new Array<number>(200).fill(0)));
    const large = filledImage(200, 200, [90, 90, 90]);
    expect(contour(large, flat)).not.toEqual(large);
    expect(contour(large, flat, { badge: false })).toEqual(large);
  });

  it('refuses both kinds of levels, shares outside (0, 1), other sizes and NaN', () => {
    expect(() => contour(picture, ramp, { top: [0.1], levels: [0.5] })).toThrow(OptionError);
    expect(() => contour(picture, ramp, { top: [1] })).toThrow(OptionError);
    expect(() => contour(picture, ramp, { levels: [Number.NaN] })).toThrow(OptionError);
    expect(() => contour(picture, mapFrom([[0, 1]]))).toThrow(ShapeError);
    expect(() => contour(filledImage(2, 1, [0, 0, 0]), mapFrom([[0, Number.NaN]]))).toThrow(NonFiniteError);
  });
});

describe('marchingSquares', () => {
  it('cuts a square with one high corner between the corner and its neighbours', () => {
    const segments = marchingSquares(
      readMap(
        mapFrom([
          [1, 0],
          [0, 0],
        ]),
        'test',
      ),
      0.25,
    );
    expect(segments).toEqual([
      [
        [1.25, 0.5],
        [0.5, 1.25],
      ],
    ]);
  });

  it('decides a saddle by the mean of its corners', () => {
    const high = marchingSquares(
      readMap(
        mapFrom([
          [1, 0.4],
          [0.4, 1],
        ]),
        'test',
      ),
      0.5,
    );
    const low = marchingSquares(
      readMap(
        mapFrom([
          [1, 0],
          [0, 0.8],
        ]),
        'test',
      ),
      0.5,
    );
    const isNear = (segment: readonly (readonly [number, number])[], x: number, y: number): boolean =>
      Math.hypot((segment[0]![0] + segment[1]![0]) / 2 - x, (segment[0]![1] + segment[1]![1]) / 2 - y) < 0.5;
    // A high centre joins the high corners, so the low ones (upper right, lower left) are cut off; and the other way round.
    expect(
      high.some((segment) => isNear(segment, 1.5, 0.5)) && high.some((segment) => isNear(segment, 0.5, 1.5)),
    ).toBe(true);
    expect(
      low.some((segment) => isNear(segment, 0.5, 0.5)) && low.some((segment) => isNear(segment, 1.5, 1.5)),
    ).toBe(true);
  });

  it('closes every line inside the map: each end is shared by exactly two pieces', () => {
    const maps = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(maps, (inner) => {
        const padded = [
          new Array<number>(7).fill(-1),
          ...inner.map((row) => [-1, ...row, -1]),
          new Array<number>(7).fill(-1),
        ];
        const ends = new Map<string, number>();
        for (const segment of marchingSquares(readMap(mapFrom(padded), 'test'), 4.5)) {
          for (const [x, y] of segment) {
            const key = `${x.toFixed(9)} ${y.toFixed(9)}`;
            ends.set(key, (ends.get(key) ?? 0) + 1);
          }
        }
        expect([...ends.values()].every((count) => count === 2)).toBe(true);
      }),
    );
  });
});
