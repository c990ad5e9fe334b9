import path from 'node:path';
import { hasChromium, launchChromium } from '@hybridcam/test-utils/browser-page';
import { build, type Rollup } from 'vite';
import { describe, expect, it } from 'vitest';
import { loadScenesNetwork } from '../src/index.ts';
import { expectedHash } from './hash-of-scenes.ts';

describe.skipIf(!hasChromium())('scenes in Chromium (skipped where there is none)', () => {
  it('have the same bytes as in Node, and the network loads without any request', async () => {
    const browser = await launchChromium('usual');
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: await bundle() });
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      const result = await page.evaluate(async () => {
        // biome-ignore lint/suspicious/noExplicitAny: the global of the bundle
        const here = (globalThis as any).hybridcamScenes;
        return {
          hash: here.hashOfScenes() as string,
          network: (await here.loadScenesNetwork()).sha256 as string,
        };
      });
      expect(result.hash).toBe(expectedHash);
      expect(result.network).toBe((await loadScenesNetwork()).sha256);
      expect(requests).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

/** The package and the hash as one script that sets a global. */
async function bundle(): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@hybridcam/source', 'module', 'browser'] },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: path.join(import.meta.dirname, 'hash-of-scenes.ts'),
        formats: ['iife'],
        name: 'hybridcamScenes',
      },
    },
  })) as Rollup.RollupOutput[];
  return result[0]!.output[0].code;
}
