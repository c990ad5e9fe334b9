import { readFileSync } from 'node:fs';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { hasChromium } from '@hybridcam/test-utils/browser-page';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPages, type TestPages } from './browser/open-pages.ts';
import type { Explained, TestPage } from './browser/page.ts';
import { graphFixtures } from './graph-fixture.ts';
import type { GraphTruth } from './graph-truth.ts';
import { fixturePath } from './load-graph-fixture.ts';

const truth: GraphTruth = JSON.parse(readFileSync(fixturePath('graph-model-truth.json'), 'utf8'));

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

    test.each(['layers', ...graphFixtures] as const)(
      'the contract holds: %s',
      { timeout: 600_000 },
      async (subject) => {
        const results = await page.evaluate((name) => hybridcamTestPage.conformance(name), subject);
        expect(results.length).toBeGreaterThan(10);
        expect(results.filter(([, complaint]) => complaint !== '')).toEqual([]);
      },
    );

    test.each(graphFixtures)('%s agrees with TensorFlow', { timeout: 600_000 }, async (fixture) => {
      const explained = await page.evaluate(([name, given]) => hybridcamTestPage.explainGraph(name, given), [
        fixture,
        truth,
      ] as const);
      expect(explained.scoreKind).toBe('logit');
      expectClose(explained.logits, truth.logits, { absolute: 2e-6 });
      for (const tensor of ['stem_relu', 'mixed', 'top_relu'] as const) {
        expectClose(explained.gradients[tensor], truth[tensor].gradients, { relativeToMax: 5e-6 });
      }
    });

    test.each(['layers', 'graph-model-fused'] as const)(
      'nothing is left behind whichever read fails: %s',
      { timeout: 600_000 },
      async (subject) => {
        const { failures, complaints } = await page.evaluate(
          (name) => hybridcamTestPage.failingReads(name),
          subject,
        );
        expect(complaints).toEqual([]);
        expect(failures).toBeGreaterThanOrEqual(7);
      },
    );

    test('gradients agree with finite differences', { timeout: 600_000 }, async () => {
      const complaints = await page.evaluate(() => hybridcamTestPage.grid(12));
      const refused = [expect.stringMatching(/^batch norm over axis 1: refused/)];
      expect(complaints).toEqual(backend === 'cpu' || backend === 'wasm' ? refused : []);
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
