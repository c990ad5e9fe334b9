import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Image } from '../src/index.ts';
import { decode } from '../src/node.ts';

const fixtures = path.join(import.meta.dirname, 'fixtures');
const picture = (name: string): string => path.join(fixtures, 'images', name);
const { images } = JSON.parse(readFileSync(path.join(fixtures, 'images.json'), 'utf8')) as {
  images: Record<string, { mode: string; width: number; height: number; upright: string; stored: string }>;
};

describe('decode gives the pixels of PIL', () => {
  test.for(Object.entries(images))('%s', async ([name, expected]) => {
    const image = await decode(picture(name));
    expect([image.width, image.height]).toEqual([expected.width, expected.height]);
    expect(rgbHash(image)).toBe(expected.upright);
    expect(rgbHash(await decode(picture(name), { orientation: 'ignore' }))).toBe(expected.stored);
    expect(image.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });

  test('which an applied ICC profile or a composited transparency would not be', async () => {
    for (const name of ['icc.jpg', 'icc.png']) {
      const applied = await sharp(picture(name)).ensureAlpha().raw().toBuffer();
      expect(rgbHash({ data: applied, width: 53, height: 37 })).not.toBe(images[name]!.stored);
    }
    const composited = await sharp(picture('rgba.png')).flatten().ensureAlpha().raw().toBuffer();
    expect(rgbHash({ data: composited, width: 53, height: 37 })).not.toBe(images['rgba.png']!.stored);
  });
});

describe('decode', () => {
  test('reads an interlaced PNG as a plain one', async () => {
    const interlaced = await sharp(picture('rgb.png')).png({ progressive: true }).toBuffer();
    expect(interlaced[28]).toBe(1);
    expect((await decode(interlaced)).data).toEqual((await decode(picture('rgb.png'))).data);
  });

  test('takes a path, a file URL, bytes and an ArrayBuffer', async () => {
    const bytes = readFileSync(picture('rgb.png'));
    const { data } = await decode(picture('rgb.png'));
    expect((await decode(pathToFileURL(picture('rgb.png')))).data).toEqual(data);
    expect((await decode(bytes)).data).toEqual(data);
    expect((await decode(new Uint8Array(bytes).buffer)).data).toEqual(data);
  });

  test('says what the file was and what it did', async () => {
    expect((await decode(picture('orientation-6.jpg'))).source).toEqual({
      format: 'jpeg',
      orientation: 6,
      orientationApplied: true,
      hadIccProfile: false,
      hadAlpha: false,
      bitDepth: 8,
      colorModel: 'rgb',
    });
    const stored = await decode(picture('orientation-6.jpg'), { orientation: 'ignore' });
    expect(stored.source).toMatchObject({ orientation: 6, orientationApplied: false });
    expect((await decode(picture('rgba-icc.png'))).source).toMatchObject({
      format: 'png',
      orientation: 1,
      orientationApplied: false,
      hadIccProfile: true,
      hadAlpha: true,
    });
  });
});

function rgbHash({ data }: Image): string {
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let i = 0, o = 0; i < data.length; i += 4) {
    rgb[o++] = data[i]!;
    rgb[o++] = data[i + 1]!;
    rgb[o++] = data[i + 2]!;
  }
  return createHash('sha256').update(rgb).digest('hex');
}
