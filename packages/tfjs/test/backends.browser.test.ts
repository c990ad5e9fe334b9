import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { hasChromium } from '@hybridcam/test-utils/browser-page';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPages, type TestPages } from './browser/open-pages.ts';
import type { Explained, TestPage } from './browser/page.ts';

const PHOTO = 'reference/mobilenet_v2.n02123045_tabby.safetensors';
const LAYERS = { 'layers.51': 'conv_51_relu6', 'layers.39': 'conv_39_relu6' };

declare const hybridcamTestPage: TestPage;

describe.skipIf(!hasChromium())('a production build in Chromium (skipped where there is none)', () => {
  let pages: TestPages;
  beforeAll(async () => {
    pages = await openPages();
  });
  afterAll(() => pages?.close());

  describe.each([
    ['cpu', ''],
    ['wasm', ''],
    ['wasm', 'with threads'],
    ['webgl', ''],
    ['webgpu', ''],
  ])('on %s %s', (backend, threads) => {
    let page: Page;
    beforeAll(async () => {
      page = await pages.open(threads !== '');
      expect(await page.evaluate((name) => hybridcamTestPage.choose(name), backend)).toBe(true);
      if (backend === 'wasm') {
        expect(await page.evaluate(() => hybridcamTestPage.hasThreads())).toBe(threads !== '');
      }
    });
    afterAll(() => page?.close());

    test('the contract holds', { timeout: 600_000 }, async () => {
      const results = await page.evaluate(() => hybridcamTestPage.conformance());
      expect(results.length).toBeGreaterThan(10);
      expect(results.filter(([, complaint]) => complaint !== '')).toEqual([]);
    });

    test('gradients agree with finite differences', { timeout: 600_000 }, async () => {
      const complaints = await page.evaluate(() => hybridcamTestPage.grid(12));
      expect(complaints).toEqual([expect.stringMatching(/^batch norm over axis 1: refused/)]);
    });

    test.skipIf(!sharedFolder())(
      'MobileNetV2 agrees with PyTorch (needs ../shared)',
      { timeout: 600_000 },
      async () => {
        const reference = readSafetensors(sharedFile(PHOTO));
        const explained: Explained = await page.evaluate(
          ([input, classIndex, layers]) => hybridcamTestPage.explain(input, classIndex, layers),
          [
            Array.from(reference.get('input')!.data),
            reference.get('class')!.data[0]!,
            Object.values(LAYERS),
          ] as const,
        );
        expectClose(explained.logits, Array.from(reference.get('logits')!.data), { relativeToMax: 1e-5 });
        Object.keys(LAYERS).forEach((key, i) => {
          const { activations, gradients, rank } = explained.layers[i]!;
          expectClose(activations, Array.from(reference.get(`${key}.activations`)!.data), {
            relativeToMax: 3e-5,
          });
          const expected = Array.from(reference.get(`${key}.gradients`)!.data);
          const full =
            rank === 4
              ? gradients
              : expected.map((_, j) => gradients[Math.floor((j * gradients.length) / expected.length)]!);
          expectClose(full, expected, { relativeToMax: 2e-6 });
        });
      },
    );
  });
});
