import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { brightnessModel } from './brightness-model.ts';
import {
  compareAll,
  downloaded,
  hasChromium,
  live,
  type OpenPage,
  openPage,
  openSite,
  type PageOptions,
  reads,
  type Site,
} from './open-page.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

describe.skipIf(!hasChromium)('the page as a page (skipped where there is no Chromium)', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  /** Every test has a page of its own, which goes with it also where it fails. */
  const open = async (options: PageOptions = {}): Promise<OpenPage> => {
    const opened = await openPage(site, options);
    onTestFinished(() => opened.page.context().close());
    return opened;
  };

  test('a link restores every setting, and drops what it must not say', async () => {
    const hash =
      'picture=key&layer=layer3.0&method=layer-cam&classIndex=3&opacity=0.4&colormap=inferno&contour=true&smooth=false&truth=true';
    const { page, complaints } = await open({ hash: `${hash}&alpha=7&__proto__=x&nonsense=1` });
    await live(page);
    const values = await page.evaluate(() =>
      ['#layer', '#method', '#opacity', '#colormap', '#alpha'].map(
        (id) => document.querySelector<HTMLInputElement>(id)!.value,
      ),
    );
    expect(values).toEqual(['layer3.0', 'layer-cam', '0.4', 'inferno', '0.7']);
    expect(await page.textContent('.caption-class')).toBe('heart.');
    expect(await page.isChecked('#contour')).toBe(true);
    expect(await page.isChecked('#smooth')).toBe(false);
    expect(await page.getAttribute('#truth', 'aria-pressed')).toBe('true');
    expect(await page.isVisible('.truth')).toBe(true);
    expect(await page.textContent('#notice')).toContain('What this link says of alpha means nothing here');
    await page.click('#save-link');
    await page.waitForSelector('text=The link is on the clipboard.');
    expect((await page.evaluate(() => navigator.clipboard.readText())).split('#')[1]).toBe(hash);
    expect(complaints).toEqual([]);
  });

  test('a link to a layer and classes that the network lacks says so, and does not keep them', async () => {
    const { page } = await open({ hash: 'layer=nowhere&classIndex=999&against=1000&alpha=0.2' });
    await live(page);
    const notice = await page.textContent('#notice');
    for (const words of ['no layer “nowhere”', 'no class 999', 'no class 1000'])
      expect(notice).toContain(words);
    await page.waitForFunction(() => location.hash === '#alpha=0.2');
    expect(await page.textContent('.caption-class')).toBe('fish.');
    // Also where the page is already open.
    await page.evaluate(() => {
      location.hash = 'alpha=0.2&smooth=perhaps';
    });
    await reads(page, '#notice', /What this link says of smooth means nothing here/);
    await page.waitForFunction(() => location.hash === '#alpha=0.2');
  });

  test('a link to a named network that is not kept says so, and what else of it means nothing', async () => {
    const { page } = await open({ hash: 'model=resnet50&alpha=7' });
    await live(page);
    await reads(page, '#notice', /^What this link says of alpha means nothing here.+resnet50 is not kept/);
    await page.waitForFunction(() => location.hash === '');
  });

  test('the first screen holds picture, classes and the slider', async () => {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 1280, height: 720 },
    ]) {
      const { page } = await open({ viewport });
      await live(page);
      const bottoms = await page.$$eval('.stage .overlay, #alpha, #classes', (all) =>
        all.map((element) => element.getBoundingClientRect().bottom),
      );
      expect(bottoms).toHaveLength(3);
      for (const bottom of bottoms) expect(bottom).toBeLessThanOrEqual(viewport.height);
    }
  });

  test('a link to a picture that only its author has says so', async () => {
    const { page } = await open({ hash: 'picture=own&alpha=0.2' });
    await live(page);
    expect(await page.textContent('#notice')).toContain('only its author has');
    expect(await page.inputValue('#alpha-number')).toBe('0.2');
  });

  test('pictures, sheets, records and programs can be taken along', async () => {
    const { page, complaints } = await open({ hash: 'contour=true' });
    await live(page);
    const overlay = await downloaded(page, '#save-overlay');
    expect([...overlay.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect([overlay.readUInt32BE(16), overlay.readUInt32BE(20)]).toEqual([384, 384]);
    const sheet = await downloaded(page, '#save-sheet');
    expect(sheet.readUInt32BE(16)).toBeGreaterThan(1000);
    const record = JSON.parse((await downloaded(page, '#save-record')).toString());
    expect(record).toMatchObject({
      targetLayers: ['layer4.1'],
      class: { index: 2, label: 'fish' },
      method: { name: 'hybrid', alpha: 0.7 },
      normalize: { kind: 'max', epsilon: 0 },
      status: 'ok',
    });
    expect(record.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    await page.click('#save-code');
    await page.waitForSelector('text=The program is on the clipboard.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
      'method: hybrid({ alpha: 0.7 })',
    );
    expect(complaints).toEqual([]);
  });

  test('a second visit works without a network', async () => {
    const { page } = await open({ offline: true });
    await live(page);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const [name] = await caches.keys();
      const cache = await caches.open(name!);
      while (!(await cache.match('./'))) await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await page.context().setOffline(true);
    await page.reload();
    await live(page);
    expect(await page.textContent('.bar .name')).toBe('fish');
    expect(await page.isHidden('#notice')).toBe(true);
  });

  test('without cross-origin isolation it runs on one thread', async () => {
    const plain = await openSite({ isolated: false });
    onTestFinished(() => plain.close());
    const { page, complaints } = await openPage(plain);
    await live(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(await page.textContent('#runtime')).toContain('1 thread');
    expect(complaints).toEqual([]);
  });

  test('where there is no WebGPU the CPU runs, and the reason is shown', async () => {
    const { page } = await open();
    await live(page);
    await page.selectOption('#runtime-wish', 'onnx-webgpu');
    await reads(
      page,
      '#runtime',
      /\(wasm\).*Not as chosen: (this browser has no WebGPU|WebGPU finds no graphics adapter here)\./,
    );
    await live(page);
  });

  test('a page that is frozen in the middle of a measurement finishes it afterwards', async () => {
    const { page } = await open();
    await live(page);
    const session = await page.context().newCDPSession(page);
    await page.click('#run-curves');
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    // Not a wait for anything: the worker may go on meanwhile, and what it says is read afterwards.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await reads(page, '#trust [role=status]', /took/);
  });

  test('everything can be reached and used by the keyboard alone', async () => {
    const { page } = await open();
    await live(page);
    const expected = await page.$$eval('button, select, input:not([type=file]), summary', (all) =>
      all
        .filter((element) => !(element as HTMLButtonElement).disabled && element.checkVisibility())
        .map(
          (element) =>
            element.id || element.textContent?.trim() || element.getAttribute('title') || element.tagName,
        ),
    );
    const reached: string[] = [];
    for (let i = 0; i < expected.length + 5; i++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const element = document.activeElement!;
        return element === document.body
          ? ''
          : element.id || element.textContent?.trim() || element.getAttribute('title') || element.tagName;
      });
      if (name === '') break;
      reached.push(name);
    }
    expect(reached[0]).toBe('Skip to the picture');
    expect(expected.filter((name) => !reached.includes(name))).toEqual([]);

    await page.focus('.thumbnail >> nth=2');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.bar .name')?.textContent === 'key');
    await live(page);
    await page.keyboard.press('2');
    await live(page);
    expect(await page.getAttribute('#classes .bar >> nth=1', 'aria-pressed')).toBe('true');
    await page.keyboard.press('o');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#opacity')!.value === '0');
    await page.keyboard.press('o');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#opacity')!.value === '0.55');
    await page.keyboard.press('n');
    await page.waitForFunction(() => /seed/.test(location.hash));
    await live(page);
    expect(await page.isVisible('text=Show the true object')).toBe(true);
  });

  test.each([
    ['1440 px', { viewport: { width: 1440, height: 900 } }],
    ['375 px', { viewport: { width: 375, height: 812 }, hasTouch: true }],
    ['dark', { colorScheme: 'dark', reducedMotion: 'reduce' }],
  ] as const)('%s: axe finds no violation and nothing overflows', async (name, options) => {
    const { page, complaints } = await open(options);
    await live(page);
    await page.$$eval('details', (all) => {
      for (const details of all) details.open = true;
    });
    await page.fill('#class-search', 'a');
    await page.check('#contour');
    await page.click('#truth');
    await compareAll(page);
    await page.click('#run-curves');
    await reads(page, '#trust [role=status]', /took/);
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    if (name === 'dark') {
      const [background, transition] = await page.evaluate(() => [
        getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector('.bar .fill')!).transitionDuration,
      ]);
      expect(background).toBe('rgb(19, 20, 23)');
      expect(transition).toBe('0s');
    }
    expect(complaints).toEqual([]);
  });

  test.each([
    [
      'a notice',
      {},
      async (page: Page) => {
        await page.evaluate(() => {
          location.hash = 'layer=nowhere';
        });
        await page.waitForSelector('#notice', { state: 'visible' });
      },
    ],
    [
      'a failed start',
      { block: /\.wasm$/ },
      (page: Page) => page.waitForSelector('#retry', { state: 'visible' }),
    ],
    ['the start', { hold: /\.wasm$/ }, (page: Page) => page.waitForSelector('.badge:not([hidden])')],
    [
      'the camera',
      {},
      async (page: Page) => {
        await page.click('#camera');
        await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
      },
    ],
    [
      'a method that is running',
      // Else it may be over before anybody looks, and “Cancel” never comes.
      { hash: 'method=rise', endless: 'runMethod' },
      async (page: Page) => {
        await page.click('#run-method-here');
        await reads(page, '#run-method-here', 'Cancel');
      },
    ],
    [
      'a network of one’s own',
      {},
      async (page: Page) => {
        await page.setInputFiles('#model-file', {
          name: 'a-network-with-a-name-that-is-much-longer-than-any-column.onnx',
          mimeType: '',
          buffer: Buffer.from(brightnessModel()),
        });
        await reads(page, '.network-name', /^a-network/);
        await live(page);
      },
    ],
  ] as const)(
    '%s, light, dark and narrow: axe finds no violation and nothing overflows',
    async (_, options, reach) => {
      for (const look of [
        { colorScheme: 'light' },
        { colorScheme: 'dark', viewport: { width: 375, height: 812 } },
      ] as const) {
        const { page } = await open({ ...options, ...look });
        if (!('block' in options) && !('hold' in options)) await live(page);
        await reach(page);
        expect(await violations(page)).toEqual([]);
        const overflow = await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
        if ('endless' in options) expect(await page.textContent('#run-method-here')).toBe('Cancel');
      }
    },
  );

  test('the policy of the page itself allows no eval, whatever the server sends', async () => {
    const { page } = await open();
    const policy = await page.getAttribute('meta[http-equiv=Content-Security-Policy]', 'content');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("'unsafe-");
    expect(policy).toContain("'wasm-unsafe-eval'");
  });
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the global that axe defines
    const { violations: found } = await (globalThis as any).axe.run(document, {
      resultTypes: ['violations'],
    });
    return found.map(
      ({ id, nodes }: { id: string; nodes: { target: string[]; failureSummary: string }[] }) =>
        `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join(' | ')}`,
    );
  });
}
