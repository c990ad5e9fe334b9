import { deflateSync } from 'node:zlib';
import { OptionError, ShapeError } from '@hybridcam/core';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { encodePng, filledImage, heatmap, type RgbaImage } from '../src/index.ts';
import { imageOf, mapOf, type PackedArray, readFixture } from './fixture.ts';

const { cases } = readFixture<{ cases: Record<string, PackedArray>[] }>('notebook-pictures.json');
const decode = (bytes: Uint8Array): RgbaImage => {
  const { data, width, height } = PNG.sync.read(Buffer.from(bytes), { checkCRC: true });
  return { data: new Uint8Array(data), width, height };
};

describe('encodePng', () => {
  it.each([
    ['a photograph-like picture', imageOf(cases[0]!['image']!), 2],
    ['a heatmap', heatmap(mapOf(cases[1]!['resized']!)), 2],
    ['a grey picture', filledImage(5, 3, [9, 9, 9]), 0],
    ['a transparent picture', filledImage(4, 4, [9, 8, 7, 6]), 6],
    ['one pixel', filledImage(1, 1, [1, 2, 3]), 2],
  ] as const)(
    'round-trips %s through an independent decoder, in the smallest colour type',
    (_, picture, colorType) => {
      const bytes = encodePng(picture);
      expect(bytes[25]).toBe(colorType);
      expect(decode(bytes)).toEqual(picture);
    },
  );

  it('round-trips any picture', () => {
    const pictures = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
          .map((data) => ({ data: new Uint8Array(data), width, height })),
      );
    fc.assert(
      fc.property(pictures, fc.integer({ min: 0, max: 9 }), (picture, level) => {
        expect(decode(encodePng(picture, { level }))).toEqual(picture);
      }),
    );
  });

  it('stores text as UTF-8 that other readers find', () => {
    const bytes = Buffer.from(encodePng(filledImage(1, 1, [0, 0, 0]), { text: { Title: 'α = 0.7, 猫 🐈' } }));
    const at = bytes.indexOf('iTXt');
    const body = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4));
    expect(body.subarray(0, 10).toString('latin1')).toBe('Title\0\0\0\0\0');
    expect(body.subarray(10).toString('utf8')).toBe('α = 0.7, 猫 🐈');
    expect(decode(bytes).width).toBe(1);
  });

  it('takes a platform’s own deflate, with the level', () => {
    const picture = imageOf(cases[0]!['image']!);
    const levels: number[] = [];
    const bytes = encodePng(picture, {
      level: 3,
      deflate: (rows, { level }) => {
        levels.push(level);
        return deflateSync(rows, { level });
      },
    });
    expect(levels).toEqual([3]);
    expect(decode(bytes)).toEqual(decode(encodePng(picture)));
  });

  it('filters rows: a smooth gradient takes a fraction of its raw size', () => {
    const picture = imageOf(cases[0]!['image']!);
    expect(encodePng(picture).length).toBeLessThan(picture.width * picture.height * 3 * 0.5);
  });

  it('refuses malformed pictures, levels and keywords', () => {
    expect(() => encodePng({ data: new Uint8Array(3), width: 1, height: 1 })).toThrow(ShapeError);
    expect(() => encodePng({ data: new Uint8Array(0), width: 0, height: 1 })).toThrow(ShapeError);
    expect(() => encodePng(filledImage(1, 1, [0, 0, 0]), { level: 10 })).toThrow(OptionError);
    expect(() => encodePng(filledImage(1, 1, [0, 0, 0]), { text: { ' x': 'y' } })).toThrow(OptionError);
  });
});
