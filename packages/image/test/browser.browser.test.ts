import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { hasChromium, launchChromium } from '@hybridcam/test-utils/browser-page';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Image } from '../src/index.ts';
import { decode } from '../src/node.ts';

const fixtures = path.join(import.meta.dirname, 'fixtures/images');
const names = readdirSync(fixtures).sort();

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly base64: string;
  readonly source: unknown;
}

describe.skipIf(!hasChromium())('decode in Chromium (skipped where there is none)', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    await page.addScriptTag({ content: await bundle() });
  });
  afterAll(() => browser?.close());

  const inBrowser = (bytes: Uint8Array, options: object = {}): Promise<Decoded> =>
    page.evaluate(
      async ([base64, decodeOptions]) => {
        // biome-ignore lint/suspicious/noExplicitAny: the global of the bundle
        const { decode: decodeHere } = (globalThis as any).hybridcamImage;
        const file = await (await fetch(`data:application/octet-stream;base64,${base64}`)).blob();
        const { data, width, height, source } = await decodeHere(file, decodeOptions).catch(
          (error: { code: string; message: string }) => {
            throw new Error(`${error.code} ${error.message}`);
          },
        );
        let text = '';
        for (let i = 0; i < data.length; i += 8192)
          text += String.fromCharCode(...data.subarray(i, i + 8192));
        return { width, height, source, base64: btoa(text) };
      },
      [Buffer.from(bytes).toString('base64'), options] as const,
    );

  test.for(names)('%s: the pixels and facts of Node', async (name) => {
    const bytes = readFileSync(path.join(fixtures, name));
    for (const orientation of ['exif', 'ignore'] as const) {
      const here = await decode(bytes, { orientation });
      const there = await inBrowser(bytes, { orientation });
      expect([there.width, there.height, there.source]).toEqual([here.width, here.height, here.source]);
      expect(differing(here, there)).toBe(0);
    }
  });

  test.skipIf(!sharedFolder())('67 photographs: the pixels of Node (skipped without ../shared)', async () => {
    for (const name of readdirSync(sharedFile('photos'))) {
      const bytes = readFileSync(sharedFile(`photos/${name}`));
      expect(differing(await decode(bytes), await inBrowser(bytes)), name).toBe(0);
    }
  });

  test('a plain createImageBitmap on a canvas would give other pixels', async () => {
    for (const name of ['icc.png', 'icc.jpg', 'rgba.png']) {
      const bytes = readFileSync(path.join(fixtures, name));
      const naive = await page.evaluate(async (base64) => {
        const blob = await (await fetch(`data:application/octet-stream;base64,${base64}`)).blob();
        const bitmap = await createImageBitmap(blob);
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        return btoa(String.fromCharCode(...data));
      }, bytes.toString('base64'));
      expect(differing(await decode(bytes), { base64: naive }), name).toBeGreaterThan(1000);
    }
  });

  test('a picture of several tiles, opaque and transparent', async () => {
    const [width, height] = [2100, 2060];
    const data = Buffer.alloc(width * height * 4);
    for (let i = 0; i < data.length; i++) data[i] = Math.imul(i, 0x9e3779b1) >>> 24;
    const raw = sharp(data, { raw: { width, height, channels: 4 } });
    for (const picture of [raw.clone(), raw.clone().removeAlpha()]) {
      const bytes = await picture.png({ compressionLevel: 1 }).toBuffer();
      expect(differing(await decode(bytes), await inBrowser(bytes))).toBe(0);
    }
  });

  test('without WebGL a transparent picture is an UnsupportedError, an opaque alpha channel none', async () => {
    await page.evaluate(() => {
      const { prototype } = OffscreenCanvas;
      const original = prototype.getContext;
      prototype.getContext = function (this: OffscreenCanvas, ...args: unknown[]) {
        return args[0] === 'webgl' ? null : Reflect.apply(original, this, args);
      } as typeof original;
      Object.assign(globalThis, { restore: () => Object.assign(prototype, { getContext: original }) });
    });
    try {
      const transparent = readFileSync(path.join(fixtures, 'rgba.png'));
      await expect(inBrowser(transparent)).rejects.toThrow(/UNSUPPORTED decode: expected WebGL/);
      const opaque = await sharp(transparent).removeAlpha().ensureAlpha().png().toBuffer();
      expect(differing(await decode(opaque), await inBrowser(opaque))).toBe(0);
    } finally {
      await page.evaluate(() => (globalThis as unknown as { restore(): void }).restore());
    }
  });

  test.for<[string, () => Uint8Array, object, RegExp]>([
    ['text', () => new TextEncoder().encode('meow'), {}, /IMAGE_FORMAT .*received a text file/],
    ['an empty file', () => new Uint8Array(), {}, /IMAGE_FORMAT .*received an empty file/],
    ['half a JPEG', () => half('rgb-420.jpg'), {}, /IMAGE_FORMAT .*whole JPEG/],
    ['half a progressive JPEG', () => half('progressive.jpg'), {}, /IMAGE_FORMAT .*whole JPEG/],
    ['half a PNG', () => half('rgb.png'), {}, /IMAGE_FORMAT .*whole PNG/],
    ['half a WebP', () => half('lossless.webp'), {}, /IMAGE_FORMAT .*whole WEBP/],
    ['too many pixels', () => picture('rgb.png'), { maxPixels: 9 }, /LIMIT .*53×37/],
    ['an unknown orientation', () => picture('rgb.png'), { orientation: 1 }, /OPTION .*orientation/],
  ])('%s is a typed error', async ([, bytes, options, message]) => {
    await expect(inBrowser(bytes(), options)).rejects.toThrow(message);
  });

  async function bundle(): Promise<string> {
    const result = (await build({
      configFile: false,
      logLevel: 'silent',
      resolve: { conditions: ['@hybridcam/source', 'module', 'browser', 'import'] },
      build: {
        write: false,
        minify: false,
        lib: {
          entry: path.join(import.meta.dirname, '../src/browser.ts'),
          formats: ['iife'],
          name: 'hybridcamImage',
        },
      },
    })) as Rollup.RollupOutput[];
    return result[0]!.output[0].code;
  }
});

const picture = (name: string): Uint8Array => readFileSync(path.join(fixtures, name));
const half = (name: string): Uint8Array => picture(name).subarray(0, picture(name).length / 2);

/** How many bytes differ. */
function differing(expected: Image, { base64 }: Pick<Decoded, 'base64'>): number {
  const actual = Buffer.from(base64, 'base64');
  expect(actual.length).toBe(expected.data.length);
  return actual.reduce((count, value, i) => count + (value === expected.data[i] ? 0 : 1), 0);
}
