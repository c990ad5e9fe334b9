import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LimitError, OptionError, ShapeError } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxInputPixels, type PreprocessingOptions, preprocess, presets, resizeImage } from '../src/index.ts';
import { pattern } from './pattern.ts';

interface Case {
  readonly width: number;
  readonly height: number;
  readonly options: PreprocessingOptions;
  readonly shape: readonly number[];
  readonly sha256: string;
}

const { cases } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'fixtures/preprocess.json'), 'utf8'),
) as { cases: Case[] };

describe('preprocess agrees with PIL and torchvision in every bit', () => {
  test.for(cases)('$width×$height $options', ({ width, height, options, shape, sha256 }) => {
    const image = pattern(width, height, width + height);
    const { input } = preprocess(image, options);
    expect(input.shape).toEqual([1, ...shape]);
    expect(createHash('sha256').update(input.data).digest('hex')).toBe(sha256);
  });
});

describe('preprocess', () => {
  test('normalises a single pixel as one would by hand', () => {
    const image = { data: new Uint8Array([255, 0, 51, 7]), width: 1, height: 1 };
    const options = { resize: { mode: 'none' }, crop: { mode: 'none' } } as const;
    const { input, seen, geometry } = preprocess(image, {
      ...options,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.25],
    });
    expectClose(input, [[[[1]], [[-1]], [[-1.2]]]], { absolute: 1e-6 });
    // Alpha is dropped, whatever it was.
    expect(seen).toEqual({ data: new Uint8ClampedArray([255, 0, 51, 255]), width: 1, height: 1 });
    expect(geometry.original).toEqual({ width: 1, height: 1 });
    const blueFirst = preprocess(image, {
      ...options,
      channels: 'bgr',
      divisor: 1,
      mean: [1, 2, 3],
      std: [1, 2, 4],
    });
    expectClose(blueFirst.input, [[[[50]], [[-1]], [[63]]]]);
  });

  test('without options is the torchvision preset, and says so', () => {
    const image = pattern(300, 200);
    const { input, preprocessing } = preprocess(image);
    expect(input.data).toEqual(preprocess(image, { preset: 'torchvision' }).input.data);
    expect(preprocessing).toEqual(presets.torchvision);
  });

  test('accepts the ImageData of a canvas', () => {
    const image = pattern(30, 20);
    const clamped = { ...image, data: new Uint8ClampedArray(image.data) };
    expect(preprocess(clamped).input.data).toEqual(preprocess(image).input.data);
  });

  test('pads with black what a crop lacks, and black is normalised like any colour', () => {
    const { input, seen } = preprocess(pattern(2, 2), {
      preset: 'minus-one-one',
      resize: { mode: 'none' },
      crop: { size: [2, 4] },
    });
    expect([...seen.data.slice(0, 4)]).toEqual([0, 0, 0, 255]);
    expect(input.get(0, 0, 0, 0)).toBe(-1);
    expect(input.get(0, 2, 1, 3)).toBe(-1);
  });

  test('is the same on an image and on its seen part', () => {
    const size = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(size, size, size, size, (width, height, resize, crop) => {
        const { input, seen } = preprocess(pattern(width, height), {
          resize: { size: resize },
          crop: { size: crop },
        });
        const again = preprocess(seen, { resize: { mode: 'none' }, crop: { mode: 'none' } });
        expect(again.input.data).toEqual(input.data);
      }),
      { numRuns: 50 },
    );
  });

  test('refuses data that are not RGBA', () => {
    const image = { data: new Uint8Array(12), width: 2, height: 2 };
    expect(() => preprocess(image)).toThrow(ShapeError);
    expect(() => preprocess(image)).toThrow('preprocess: expected 16 RGBA bytes for 2×2; received 12.');
    expect(() => preprocess({ ...image, width: 1.5 })).toThrow(ShapeError);
    expect(() => preprocess({ ...image, width: 0, height: 0, data: new Uint8Array() })).toThrow(ShapeError);
  });

  test('refuses an unknown preset', () => {
    expect(() => preprocess(pattern(2, 2), { preset: 'imagenet' as never })).toThrow(OptionError);
  });

  test('refuses an input of gigabytes from a sliver', () => {
    const sliver = { data: new Uint8Array(4 * 70_000), width: 70_000, height: 1 };
    expect(() => preprocess(sliver, { crop: { mode: 'none' } })).toThrow(LimitError);
    expect(preprocess(sliver).input.shape).toEqual([1, 3, 224, 224]);
  });
});

describe('resizeImage', () => {
  test('gives what preprocess sees, opaque', () => {
    const image = pattern(90, 70);
    const { seen } = preprocess(image, { preset: 'squash', resize: { size: [20, 33] } });
    expect(resizeImage(image, { width: 33, height: 20 })).toEqual(seen);
  });

  test('keeps an image of the size', () => {
    const image = pattern(17, 9);
    for (const filter of ['nearest', 'bilinear', 'bicubic'] as const) {
      expect([...resizeImage(image, image, filter).data]).toEqual([...image.data]);
    }
  });

  test('refuses a size that is none or too large', () => {
    expect(() => resizeImage(pattern(2, 2), { width: 0, height: 3 })).toThrow(ShapeError);
    expect(() => resizeImage(pattern(2, 2), { width: maxInputPixels, height: 2 })).toThrow(LimitError);
  });
});
