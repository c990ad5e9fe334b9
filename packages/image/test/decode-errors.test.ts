import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AbortedError, CamError, ImageFormatError, LimitError, OptionError } from '@hybridcam/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageHeader } from '../src/header/image-header.ts';
import { imageFromRaster } from '../src/image-from-raster.ts';
import { decode } from '../src/node.ts';

const images = path.join(import.meta.dirname, 'fixtures/images');
const picture = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(images, name)));
const text = (characters: string): Uint8Array => new TextEncoder().encode(characters);

describe('decode refuses', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-image-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function failure(source: Parameters<typeof decode>[0], options = {}): Promise<CamError> {
    const error = await decode(source, options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(CamError);
    return error as CamError;
  }

  test('a missing file: NOT_FOUND, naming the file but not its folder', async () => {
    for (const source of [path.join(folder, 'cat.jpg'), pathToFileURL(path.join(folder, 'cat.jpg'))]) {
      const error = await failure(source);
      expect(error.code).toBe('NOT_FOUND');
      expect(error.message).toBe(
        'decode cat.jpg: expected a readable image file; received a path where there is no such file.',
      );
      expect((error.cause as NodeJS.ErrnoException).code).toBe('ENOENT');
    }
  });

  test('a path through a file: NOT_FOUND', async () => {
    expect((await failure(path.join(images, 'rgb.png/cat.jpg'))).code).toBe('NOT_FOUND');
  });

  test('a folder: IO', async () => {
    const error = await failure(folder);
    expect(error.code).toBe('IO');
    expect(error.message).toMatch(/received a folder/);
  });

  test.skipIf(process.platform === 'win32')('a pipe nobody writes to: IO, at once', async () => {
    execFileSync('mkfifo', [path.join(folder, 'pipe.jpg')]);
    const error = await failure(path.join(folder, 'pipe.jpg'));
    expect(error.code).toBe('IO');
    expect(error.message).toMatch(/not a regular file/);
  });

  test('a file of a gigabyte: LimitError, without reading it', async () => {
    writeFileSync(path.join(folder, 'sparse.jpg'), '');
    truncateSync(path.join(folder, 'sparse.jpg'), 2 ** 30);
    expect(await failure(path.join(folder, 'sparse.jpg'))).toBeInstanceOf(LimitError);
  });

  test.for<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(), /received an empty file/],
    ['text', text('Dear network,\nwhat do you see?\n'), /received a text file/],
    ['UTF-8 text with a byte order mark', text('\ufeffKätzchen'), /received a text file/],
    [
      'a Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
      /Git LFS pointer/,
    ],
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), /an SVG drawing/],
    [
      'SVG with a prologue',
      text('<?xml version="1.0"?>\n<!-- a -->\n<svg viewBox="0 0 1 1">'),
      /an SVG drawing/,
    ],
    ['XML', text('<?xml version="1.0"?><feed/>'), /an XML file/],
    ['HTML', text('\n<!DOCTYPE html><html><svg></svg></html>'), /an HTML page/],
    ['GIF', text('GIF89a\u0001\u0000'), /a GIF/],
    ['PDF', text('%PDF-1.7'), /a PDF/],
    ['HEIC', text('\0\0\0\u0018ftypheic'), /a HEIC photograph/],
    ['AVIF', text('\0\0\0\u0018ftypavif'), /an AVIF/],
    ['ZIP', text('PK\u0003\u0004'), /a ZIP archive/],
    ['two bytes of a JPEG', new Uint8Array([0xff, 0xd8]), /first bytes of a JPEG/],
    ['a PNG after a transfer as text', text('\u0089PNG\n\u001a\n').subarray(1), /unknown kind|text/],
    [
      'noise',
      new Uint8Array([1, 2, 3, 254, 0, 7]),
      /6 bytes of unknown kind \(they start with 01 02 03 fe 00 07\)/,
    ],
  ])('%s: ImageFormatError saying what it looks like', async ([, bytes, message]) => {
    const error = await failure(bytes);
    expect(error).toBeInstanceOf(ImageFormatError);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^decode: expected a JPEG, PNG or WebP image/);
  });

  test('a PNG header of 30000×30000 pixels: LimitError, before anything is decoded', async () => {
    const header = picture('rgb.png').slice(0, 33);
    new DataView(header.buffer).setUint32(16, 30_000);
    new DataView(header.buffer).setUint32(20, 30_000);
    const error = await failure(header);
    expect(error).toBeInstanceOf(LimitError);
    expect(error.message).toBe(
      'decode: expected at most 67108864 pixels; received 30000×30000 = 900000000. Scale the picture down, or raise maxPixels.',
    );
  });

  test('more than maxPixels, and accepts as many', async () => {
    expect(await failure(picture('rgb.png'), { maxPixels: 53 * 37 - 1 })).toBeInstanceOf(LimitError);
    expect((await decode(picture('rgb.png'), { maxPixels: 53 * 37 })).width).toBe(53);
  });

  test.for([
    'rgb-420.jpg',
    'progressive.jpg',
    'grey.jpg',
    'cmyk.jpg',
    'lossy.webp',
    'lossless-alpha.webp',
    'rgba.png',
    'palette.png',
  ])('every tenth prefix of %s: ImageFormatError', async (name) => {
    const bytes = picture(name);
    // A PNG's pixels are complete before its check sum and IEND; PIL reads it too.
    const end = name.endsWith('.png') ? bytes.length - 20 : bytes.length;
    for (let length = 0; length < end; length += 10) {
      expect(await failure(bytes.subarray(0, length)), `${length} bytes`).toBeInstanceOf(ImageFormatError);
    }
  });

  test('a PNG whose check sum is wrong', async () => {
    const bytes = picture('rgb.png');
    bytes[bytes.length - 40]! ^= 0x10;
    const error = await failure(bytes);
    expect(error).toBeInstanceOf(ImageFormatError);
    expect(error.message).toMatch(/damaged or cut off/);
  });

  test('pixels of another size than the header promised', () => {
    const header = imageHeader(picture('rgb.png'), 'test');
    const raster = { data: new Uint8Array(4), width: 1, height: 1 };
    expect(() => imageFromRaster(raster, header, 'exif', 'decode')).toThrow(ImageFormatError);
    expect(() => imageFromRaster(raster, header, 'exif', 'decode')).toThrow(/53×37 pixels.*received 1×1/);
  });

  test.for<[object, RegExp]>([
    [{ orientation: 'upright' }, /orientation "exif" or "ignore"; received "upright"/],
    [{ maxPixels: 0 }, /positive integer; received 0/],
    [{ maxPixels: Number.NaN }, /NaN/],
    [{ maxPixels: 1.5 }, /1\.5/],
  ])('the options %o: OptionError', async ([options, message]) => {
    const error = await failure(picture('rgb.png'), options);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(message);
  });

  test('a URL that is no file, and a number: OptionError', async () => {
    expect(await failure(new URL('https://example.com/cat.jpg'))).toBeInstanceOf(OptionError);
    expect(await failure(7 as never)).toBeInstanceOf(OptionError);
  });

  test('when the signal has fired: AbortedError', async () => {
    const reason = new Error('closed');
    const error = await failure(picture('rgb.png'), { signal: AbortSignal.abort(reason) });
    expect(error).toBeInstanceOf(AbortedError);
    expect(error.cause).toBe(reason);
  });
});

describe('decode reads what PIL reads, irregular as it is', () => {
  test('a JPEG that says itself that it ends early: the rest is grey', async () => {
    const bytes = picture('rgb-444.jpg');
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    bytes[frame + 6] = 200; // height 37 → 200
    const { data, height } = await decode(bytes);
    expect(height).toBe(200);
    expect([...data.slice(-4)]).toEqual([128, 128, 128, 255]);
  });

  test('stray bytes between the segments of a JPEG', async () => {
    const bytes = picture('rgb-444.jpg');
    const scan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
    const stray = new Uint8Array([...bytes.subarray(0, scan), 0, 0, 1, ...bytes.subarray(scan)]);
    expect((await decode(stray)).data).toEqual((await decode(bytes)).data);
  });
});
