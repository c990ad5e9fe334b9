import { execFile } from 'node:child_process';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasChromium, launchChromium } from '@hybridcam/test-utils/browser-page';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const site = path.join(root, 'docs/dist');
const axe = createRequire(path.join(root, 'apps/demo/package.json')).resolve('axe-core');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** A plain static host. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://host');
    const file = path.join(site, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** One of each kind: front page, guide with code, table, picture, method, reference, long error texts. */
const PAGES = [
  '/',
  '/start/node.html',
  '/guide/layer-and-method.html',
  '/guide/reading-a-map.html',
  '/methods/grad-cam.html',
  '/reference/',
  '/troubleshooting.html',
  '/limits.html',
];

describe.skipIf(!hasChromium())('the documentation site (skipped where there is no Chromium)', () => {
  let server: Server;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    // A process of its own, as a maintainer starts it: in this one packages resolve to their sources.
    const { NODE_OPTIONS: _, ...env } = process.env;
    await promisify(execFile)(process.execPath, [path.join(root, 'tooling/docs/build.mjs')], {
      cwd: root,
      env: { ...env, NODE_ENV: 'production' },
      maxBuffer: 2 ** 26,
    });
    server = await serve();
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium('usual');
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(url + address, { waitUntil: 'networkidle' });
    return page;
  }

  test('the search finds the page about layers', async () => {
    const page = await open('/');
    await page.keyboard.press('Control+k');
    await page.fill('.VPLocalSearchBox input', 'layer');
    await page.waitForSelector('.VPLocalSearchBox .result');
    const titles = await page.$$eval('.VPLocalSearchBox .result', (all) =>
      all.map(({ textContent }) => textContent),
    );
    expect(titles.length).toBeGreaterThan(3);
    for (const title of titles.slice(0, 3)) expect(title).toMatch(/layer/i);
    await page.click('.VPLocalSearchBox .result');
    await page.waitForFunction(() => location.pathname !== '/');
    expect(await page.textContent('main')).toMatch(/layer/i);
  });

  test.each(PAGES)('%s has nothing wider than a phone', async (address) => {
    const page = await open(address, { viewport: { width: 375, height: 812 }, hasTouch: true });
    expect(await page.textContent('h1')).not.toBe('404');
    const overflow = await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test.each(PAGES)('%s can be read in light and in dark', async (address) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(address, { colorScheme, reducedMotion: 'reduce' });
      const [background] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(
        /\d+/,
      )!;
      if (colorScheme === 'dark') expect(Number(background)).toBeLessThan(64);
      else expect(Number(background)).toBeGreaterThan(192);
      expect(await contrastViolations(page)).toEqual([]);
    }
  });
});

/** What axe says of the contrast of the text that is ours: the page's own, not the theme's frame. */
async function contrastViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the global that axe defines
    const { violations, passes } = await (globalThis as any).axe.run('.VPContent', {
      runOnly: ['color-contrast'],
    });
    if (passes.length === 0) return ['axe looked at nothing'];
    return violations.flatMap(({ nodes }: { nodes: { target: string[]; failureSummary: string }[] }) =>
      nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`),
    );
  });
}
