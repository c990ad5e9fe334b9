import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Geometry, inputGeometry, type Orientation, toInput, toOriginal } from '../src/index.ts';
import { orientImage } from '../src/orient-image.ts';

const orientations: Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

describe('inputGeometry', () => {
  test('truncates the longer side and rounds the crop half to even, as torchvision', () => {
    // 256 · 500 / 333 = 384.38; (384 − 224) / 2 = 80, (256 − 224) / 2 = 16
    const landscape = inputGeometry(
      { width: 500, height: 333 },
      { mode: 'shorter-side', size: 256, filter: 'bilinear' },
      { mode: 'center', size: [224, 224] },
    );
    expect(landscape.resized).toEqual({ width: 384, height: 256 });
    expect(landscape.offset).toEqual({ x: 80, y: 16 });
  });

  test.for([
    [5, 2, 2], // 1.5 → 2
    [7, 2, 2], // 2.5 → 2
    [9, 2, 4], // 3.5 → 4
    [3, 2, 0], // 0.5 → 0
    [6, 2, 2],
    [2, 5, -1], // padded by floor(3 / 2) before, 2 after
    [2, 6, -2],
  ] as const)('an extent of %i cropped to %i starts at %i', ([extent, size, offset]) => {
    const geometry = inputGeometry(
      { width: extent, height: 4 },
      { mode: 'none' },
      { mode: 'center', size: [4, size] },
    );
    expect(geometry.offset).toEqual({ x: offset, y: 0 });
  });
});

describe('toOriginal and toInput', () => {
  test('map the corners of a squashed input to the corners of the picture', () => {
    const geometry = inputGeometry(
      { width: 400, height: 100 },
      { mode: 'squash', size: [224, 224], filter: 'bilinear' },
      { mode: 'none' },
    );
    expect(toOriginal({ x: 224, y: 224 }, geometry)).toEqual({ x: 400, y: 100 });
    expect(toInput({ x: 200, y: 50 }, geometry)).toEqual({ x: 112, y: 112 });
  });

  test('undo each other, on the upright picture and on the stored raster', () => {
    const extent = fc.record({
      width: fc.integer({ min: 1, max: 900 }),
      height: fc.integer({ min: 1, max: 900 }),
    });
    const point = fc.record({
      x: fc.double({ min: -50, max: 900, noNaN: true }),
      y: fc.double({ min: -50, max: 900, noNaN: true }),
    });
    fc.assert(
      fc.property(
        extent,
        point,
        fc.constantFrom(...orientations),
        fc.constantFrom('upright', 'stored'),
        (original, p, orientation, frame) => {
          const geometry = inputGeometry(
            original,
            { mode: 'shorter-side', size: 64, filter: 'bilinear' },
            { mode: 'center', size: [56, 48] },
            orientation,
          );
          const back = toOriginal(toInput(p, geometry, frame), geometry, frame);
          expect(back.x).toBeCloseTo(p.x, 6);
          expect(back.y).toBeCloseTo(p.y, 6);
        },
      ),
    );
  });
});

describe('orientImage', () => {
  // Stored [2, 3]:  a b c
  //                 d e f
  const upright: Record<Orientation, string[]> = {
    1: ['abc', 'def'],
    2: ['cba', 'fed'],
    3: ['fed', 'cba'],
    4: ['def', 'abc'],
    5: ['ad', 'be', 'cf'],
    6: ['da', 'eb', 'fc'],
    7: ['fc', 'eb', 'da'],
    8: ['cf', 'be', 'ad'],
  };

  test.for(orientations)('turns a 3×2 picture upright: orientation %i', (orientation) => {
    const rows = upright[orientation];
    expect(orientImage(letters(['abc', 'def']), orientation)).toEqual(letters(rows));
    // A view at an odd offset holds the same pixels.
    const { data } = letters(['abc', 'def']);
    const shifted = new Uint8Array(data.length + 1);
    shifted.set(data, 1);
    const odd = { data: shifted.subarray(1), width: 3, height: 2 };
    expect([...orientImage(odd, orientation).data]).toEqual([...letters(rows).data]);
  });

  test.for(orientations)('agrees with toOriginal on the stored raster: orientation %i', (orientation) => {
    const stored = letters(['abc', 'def']);
    const up = orientImage(stored, orientation);
    const identity: Geometry = {
      original: { width: up.width, height: up.height },
      resized: { width: up.width, height: up.height },
      input: { width: up.width, height: up.height },
      offset: { x: 0, y: 0 },
      orientation,
    };
    for (let y = 0; y < up.height; y++) {
      for (let x = 0; x < up.width; x++) {
        const at = toOriginal({ x: x + 0.5, y: y + 0.5 }, identity, 'stored');
        const source = (Math.floor(at.y) * stored.width + Math.floor(at.x)) * 4;
        expect(up.data[(y * up.width + x) * 4]).toBe(stored.data[source]);
      }
    }
  });
});

function letters(rows: string[]): { data: Uint8Array; width: number; height: number } {
  const codes = rows
    .join('')
    .split('')
    .flatMap((letter) => [letter.charCodeAt(0), 1, 2, 255]);
  return { data: new Uint8Array(codes), width: rows[0]!.length, height: rows.length };
}
