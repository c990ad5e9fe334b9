import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { buildPage, launchChromium, servePage } from '@hybridcam/test-utils/browser-page';
import type { Page } from 'playwright-core';
import { graphFixtures } from '../graph-fixture.ts';

export interface TestPages {
  open(withThreads?: boolean): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Production builds of the test page in Chromium: minified, and cross-origin isolated for threads.
 * @param model folder of the network that the page knows as /model; default: MobileNetV2 of ../shared, where it is
 */
export async function openPages(
  model = sharedFolder() ? sharedFile('models/mobilenet_v2_tfjs') : '',
): Promise<TestPages> {
  const entry = fileURLToPath(new URL('./page.ts', import.meta.url));
  const folders = {
    wasm: path.dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))),
    ...Object.fromEntries(
      graphFixtures.map((name) => [name, fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))]),
    ),
    model,
  };
  const plain = await servePage(await buildPage(entry), folders);
  // The threads of TensorFlow.js 4.22 start from the source text of one of its functions, and a minifier renames what that
  // function uses: such a page would wait for ever. So threads are tried without minification.
  const isolated = await servePage(await buildPage(entry, { minify: false }), folders, true);
  const browser = await launchChromium();
  return {
    async open(withThreads = false) {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error.message));
      await page.goto((withThreads ? isolated : plain).url);
      return page;
    },
    async close() {
      await browser.close();
      plain.server.close();
      isolated.server.close();
    },
  };
}
