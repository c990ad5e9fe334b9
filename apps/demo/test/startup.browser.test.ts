import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { builtFolder } from './built-page.ts';
import { hasChromium, live, openPage, openSite, reads, type Site } from './open-page.ts';

/** Of our own code, compressed; the runtimes' wasm and the network's weights are data. */
const shellLimit = 150_000;

describe.skipIf(!hasChromium)('how the page starts (skipped where there is no Chromium)', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  /** The page with some of its files refused, and a switch that lets them through. */
  const openBroken = async (refused: RegExp, hash = ''): Promise<{ page: Page; repair(): Promise<void> }> => {
    const { page } = await openPage(site, { hash, block: refused });
    onTestFinished(() => page.context().close());
    return { page, repair: () => page.unroute(refused) };
  };

  test.each([
    ['the runtime’s binary', /\.wasm$/, /ONNX Runtime did not start: its files could not be loaded/],
    ['the runtime’s script', /ort-wasm.*\.mjs$/, /ONNX Runtime did not start/],
    ['the weights', /scenes-weights/, /A part of the page could not be loaded/],
    ['the worker', /worker-[^/]*\.js$/, /The part of the page that runs it could not be loaded/],
  ])('without %s the page says so plainly, and a second try mends it', async (_, refused, words) => {
    const { page, repair } = await openBroken(refused);
    await page.waitForSelector('#retry', { state: 'visible' });
    const notice = (await page.textContent('#notice p'))!;
    expect(notice).toMatch(/^The network could not be started\. /);
    expect(notice).toMatch(words);
    // No words that are for programmers.
    expect(notice).not.toMatch(/backend|ERR|TypeError|undefined|https?:/);
    await reads(page, '.badge', 'Prepared explanation; no network runs.');
    expect(await page.textContent('#runtime')).toBe('Nothing runs.');
    expect(await page.getAttribute('body', 'data-busy')).toBeNull();
    await repair();
    await page.click('#retry');
    await live(page);
    expect(await page.isHidden('#notice')).toBe(true);
    expect(await page.isHidden('.badge')).toBe(true);
    expect(await page.textContent('.bar .name')).toBe('fish');
  });

  test('where nothing was prepared, a failed start shows no empty explanation', async () => {
    const { page } = await openBroken(/worker-[^/]*\.js$/, 'picture=key');
    await page.waitForSelector('#retry', { state: 'visible' });
    await reads(page, '#map-words', 'There is no explanation to show.');
    expect(await page.isHidden('.badge')).toBe(true);
    expect(await page.isVisible('#classes .bars')).toBe(false);
    // Another wish is answered, too: the page never waits for a worker that is not there.
    await page.click('.thumbnail >> nth=1');
    await page.waitForFunction(() => !document.body.hasAttribute('data-busy'));
    expect(await page.isVisible('#retry')).toBe(true);
  });

  test('what the first result needs of our code is small', async () => {
    const names = new Set<string>();
    const context = await site.browser.newContext({ serviceWorkers: 'block' });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    context.on('request', (request) => names.add(new URL(request.url()).pathname));
    await page.goto(site.url);
    await live(page);
    const code = [...names]
      .map((name) => (name === '/' ? 'index.html' : name.slice(1)))
      .filter((name) => /\.(html|js|css)$/.test(name) && !/ort\.|scenes-weights/.test(name));
    // Page, worker and style are among them, or this would weigh nothing.
    for (const kind of [/^index\.html$/, /main-.*\.js$/, /main-.*\.css$/, /worker-.*\.js$/])
      expect(code.some((name) => kind.test(name))).toBe(true);
    const bytes = code.reduce(
      (sum, name) => sum + gzipSync(readFileSync(path.join(builtFolder, name)), { level: 9 }).length,
      0,
    );
    expect(bytes).toBeLessThanOrEqual(shellLimit);
  });

  test('no script of the page’s own thread holds a runtime or the network’s mathematics', async () => {
    const { page } = await openPage(site);
    onTestFinished(() => page.context().close());
    await live(page);
    await page.click('summary:has-text("Colours and lines")');
    await page.check('#contour');
    await page.waitForSelector('.lines:not([hidden])');
    // What this thread has loaded, and whatever else it could: chunks name each other. Links only fetch, for the worker.
    const first = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => (entry as PerformanceResourceTiming).initiatorType !== 'link')
        .map(({ name }) => new URL(name).pathname)
        .filter((name) => name.endsWith('.js')),
    );
    const seen = new Set<string>();
    const queue = first.map((name) => path.basename(name)).filter((name) => !name.startsWith('worker-'));
    while (queue.length > 0) {
      const name = queue.pop()!;
      if (seen.has(name)) continue;
      seen.add(name);
      const source = readFileSync(path.join(builtFolder, 'assets', name), 'utf8');
      for (const runtime of [
        'InferenceSession',
        'WebAssembly.',
        'registerKernel',
        'ConvGrad',
        'GlobalAveragePool',
      ])
        expect(source, `${name} holds ${runtime}`).not.toContain(runtime);
      for (const [, next] of source.matchAll(
        /(?:from|import\()?\s*["'`](?:\.\/|assets\/)([\w.-]+\.js)["'`]/g,
      ))
        if (!next!.startsWith('worker-')) queue.push(next!);
    }
    expect([...seen].some((name) => name.startsWith('main-'))).toBe(true);
    expect([...seen].some((name) => name.startsWith('draw-outlines-'))).toBe(true);
    expect(page.workers().length).toBeGreaterThan(0);
  });
});
