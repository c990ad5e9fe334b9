import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ImageFormatError } from '@hybridcam/core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { imageHeader } from '../src/header/image-header.ts';
import { withoutOrientation } from '../src/header/without-orientation.ts';

const images = path.join(import.meta.dirname, 'fixtures/images');
const names = readdirSync(images).sort();
const picture = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(images, name)));

describe('imageHeader', () => {
  test.for(names)('%s: says what libvips says', async (name) => {
    const header = imageHeader(picture(name), 'test');
    const metadata = await sharp(picture(name)).metadata();
    expect({
      format: header.format,
      width: header.width,
      height: header.height,
      alpha: header.hasAlpha,
      icc: header.hasIccProfile,
      orientation: header.exif?.value ?? 1,
    }).toEqual({
      format: metadata.format,
      width: metadata.width,
      height: metadata.height,
      alpha: metadata.hasAlpha,
      // libpng drops an RGB profile on a grey picture; we report what the file carries.
      icc: name === 'grey-icc.png' || metadata.hasProfile,
      orientation: metadata.orientation ?? 1,
    });
  });

  test.for<[string, string, number]>([
    ['grey.jpg', 'grey', 8],
    ['rgb-420.jpg', 'rgb', 8],
    ['cmyk.jpg', 'cmyk', 8],
    ['palette-2bit.png', 'palette', 2],
    ['grey-1bit.png', 'grey', 1],
    ['rgb-16bit.png', 'rgb', 16],
    ['lossy.webp', 'rgb', 8],
  ])('%s: %s, %i bits', ([name, colorModel, bitDepth]) => {
    expect(imageHeader(picture(name), 'test')).toMatchObject({ colorModel, bitDepth });
  });

  test('gives a header or an ImageFormatError on every prefix and on single-byte changes', () => {
    for (const name of [
      'orientation-6.jpg',
      'orientation-6.png',
      'orientation-6.webp',
      'lossy-alpha.webp',
      'icc.jpg',
    ]) {
      const bytes = picture(name);
      for (let length = 0; length < bytes.length; length++) onlyTypedErrors(bytes.subarray(0, length));
      for (let at = 0; at < Math.min(600, bytes.length); at++) {
        for (const value of [0, 1, 0x7f, 0xff, bytes[at]! ^ 0x10]) {
          const changed = bytes.slice();
          changed[at] = value;
          onlyTypedErrors(changed);
        }
      }
    }
  });
});

test('withoutOrientation changes the two bytes of the value and nothing else', () => {
  for (const name of ['orientation-6.jpg', 'orientation-3.jpg', 'orientation-6.webp', 'orientation-3.png']) {
    const bytes = picture(name);
    const upright = Buffer.concat(withoutOrientation(bytes, imageHeader(bytes, 'test').exif));
    expect(upright.length).toBe(bytes.length);
    expect(upright.filter((byte, i) => byte !== bytes[i])).toHaveLength(1);
    expect(imageHeader(upright, 'test').exif?.value).toBe(1);
  }
  const plain = picture('rgb.png');
  expect(withoutOrientation(plain, imageHeader(plain, 'test').exif)).toEqual([plain]);
});

function onlyTypedErrors(bytes: Uint8Array): void {
  try {
    const { width, height } = imageHeader(bytes, 'test');
    expect(Number.isSafeInteger(width * height) && width > 0 && height > 0).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(ImageFormatError);
  }
}
