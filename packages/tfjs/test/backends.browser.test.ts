import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectClose, readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explained, TestPage } from './browser/page.ts';
import { buildPage, servePage } from './browser/serve.ts';

const executablePath = process.env['HYBRIDCAM_CHROMIUM'] ?? '/usr/bin/chromium';
const PHOTO = 'reference/mobilenet_v2.n02123045_tabby.safetensors';
const LAYERS = { 'layers.51': 'conv_51_relu6', 'layers.39': 'conv_39_relu6' };

declare const hybridcamTestPage: TestPage;

describe.skipIf(!existsSync(executablePath))(
  'a production build in Chromium (skipped where there is none)',
  () => {
    let browser: Browser;
    const servers: Server[] = [];
    let open: (withThreads: boolean) => Promise<Page>;
    beforeAll(async () => {
      const wasm = path.dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
      const entry = fileURLToPath(new URL('./browser/page.ts', import.meta.url));
      const model = sharedFolder() ? sharedFile('models/mobilenet_v2_tfjs') : '';
      const plain = await servePage(await buildPage(entry), { wasm, model });
      // The threads of TensorFlow.js 4.22 start from the source text of one of its functions, and a minifier renames what that
      // function uses: such a page would wait for ever. So threads are tried without minification.
      const isolated = await servePage(await buildPage(entry, false), { wasm, model }, true);
      servers.push(plain.server, isolated.server);
      open = async (withThreads) => {
        const page = await browser.newPage();
        page.on('pageerror', (error) => console.error(error.message));
        await page.goto((withThreads ? isolated : plain).url);
        return page;
      };
      browser = await chromium.launch({
        executablePath,
        args: [
          '--headless',
          '--no-sandbox',
          '--enable-unsafe-swiftshader',
          '--use-gl=angle',
          '--use-angle=swiftshader',
          '--ignore-gpu-blocklist',
          '--enable-unsafe-webgpu',
          '--use-webgpu-adapter=swiftshader',
          '--enable-features=Vulkan',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
    });
    afterAll(async () => {
      await browser?.close();
      for (const server of servers) server.close();
    });

    describe.each([
      ['cpu', ''],
      ['wasm', ''],
      ['wasm', 'with threads'],
      ['webgl', ''],
      ['webgpu', ''],
    ])('on %s %s', (backend, threads) => {
      let page: Page;
      beforeAll(async () => {
        page = await open(threads !== '');
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
  },
);
