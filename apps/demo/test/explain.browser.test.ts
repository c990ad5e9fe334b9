import { crossLayerHybrid, hybrid, margin } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allPanels,
  downloaded,
  hasChromium,
  live,
  npyValues,
  openPage,
  openSite,
  type Site,
} from './open-page.ts';
import { type Oracle, openOracle } from './oracle.ts';

const close = { relative: 0, absolute: 1e-4 };

describe.skipIf(!hasChromium)(
  'the page against the toolkit in Node (skipped where there is no Chromium)',
  () => {
    let site: Site;
    let page: Page;
    let complaints: string[];
    let oracle: Oracle;

    beforeAll(async () => {
      [site, oracle] = await Promise.all([openSite(), openOracle('fish')]);
      ({ page, complaints } = await openPage(site));
    });
    afterAll(() => site?.close());

    test('shows a prepared explanation, says so, and then the network’s own', async () => {
      await page.waitForSelector('.badge:not([hidden])', { timeout: 30_000 });
      expect(await page.textContent('.bar .name')).toBe('fish');
      await live(page);
      expect(await page.isHidden('.badge')).toBe(true);
      expect(await page.textContent('#map-words')).toMatch(
        /^Evidence peaks .+; \d+ % of it in 20 % of the area\.$/,
      );
      expect(await page.textContent('#runtime')).toContain('onnxruntime-web 1.30.0 (wasm)');
    });

    test('runs the network in a worker: the page’s own script holds no runtime', async () => {
      expect(page.workers().length).toBeGreaterThan(0);
      const source = await page.evaluate(async () => {
        const script = document.querySelector<HTMLScriptElement>('script[type=module]')!;
        return (await fetch(script.src)).text();
      });
      expect(source).not.toContain('InferenceSession');
      expect(source.length).toBeGreaterThan(10_000);
    });

    test.each([0, 0.42, 1])('alpha %d, typed as a number, gives explain’s map', async (alpha) => {
      await page.fill('#alpha-number', String(alpha));
      const map = npyValues(await downloaded(page, '#save-npy'));
      expectClose(map, await oracle.saliency({ method: hybrid({ alpha }) }), close);
    });

    test('the slider moves by the keyboard, without a call to the worker', async () => {
      await page.fill('#alpha-number', '0.5');
      await page.focus('#alpha');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(
        () => document.querySelector<HTMLInputElement>('#alpha-number')!.value === '0.52',
      );
      expect(await page.getAttribute('body', 'data-busy')).toBeNull();
      const map = npyValues(await downloaded(page, '#save-npy'));
      expectClose(map, await oracle.saliency({ method: hybrid({ alpha: 0.52 }) }), close);
    });

    test('a click on a class explains it', async () => {
      await page.click('#classes .bar >> nth=1');
      await live(page);
      const record = JSON.parse((await downloaded(page, '#save-record')).toString());
      expect(record.class.index).not.toBe(2);
      const map = npyValues(await downloaded(page, '#save-npy'));
      expectClose(
        map,
        await oracle.saliency({ method: hybrid({ alpha: 0.52 }), classIndex: record.class.index }),
        close,
      );
    });

    test('a class that is searched for can be explained, and unknown ones are said to be unknown', async () => {
      await page.fill('#class-search', 'tree');
      await page.click('.found .bar');
      await live(page);
      expect(await page.textContent('.caption-class')).toBe('tree.');
      await page.fill('#class-search', 'zebra');
      await page.waitForSelector('text=No class is called “zebra”.');
      await page.fill('#class-search', '');
    });

    test('pointing at a class shows its map at once, and leaving it the chosen one', async () => {
      await page.hover('#classes .bar >> nth=0');
      await page.waitForFunction(() => document.querySelector('.caption-class')?.textContent === 'fish.');
      await page.mouse.move(5, 5);
      await page.waitForFunction(() => document.querySelector('.caption-class')?.textContent === 'tree.');
    });

    test('an earlier layer, and back by its preset', async () => {
      await page.click('#classes .bar >> nth=0');
      await live(page);
      const layers = await page.$$eval('#layer option', (options) =>
        options.map((option) => (option as HTMLOptionElement).value),
      );
      const earlier = layers.find((name) => name === 'layer3.0')!;
      await page.selectOption('#layer', earlier);
      await live(page);
      await page.fill('#alpha-number', '0.3');
      const map = npyValues(await downloaded(page, '#save-npy'));
      expectClose(
        map,
        await oracle.saliency({ method: hybrid({ alpha: 0.3 }), targetLayer: earlier, classIndex: 2 }),
        close,
      );
      await page.click('.presets button >> nth=0');
      await live(page);
      expect(await page.inputValue('#layer')).toBe(oracle.model.defaultLayer);
    });

    test.each(['eigen-cam', 'grad-cam-plus-plus', 'cam'] as const)(
      '%s gives explain’s map',
      async (method) => {
        await page.selectOption('#method', method);
        await live(page);
        expect(await page.isDisabled('#alpha')).toBe(true);
        const map = npyValues(await downloaded(page, '#save-npy'));
        expectClose(map, await oracle.saliency({ method, classIndex: 2 }), close);
      },
    );

    test('the cross-layer hybrid gives explain’s map at any alpha', async () => {
      await page.selectOption('#method', 'cross-layer-hybrid');
      await live(page);
      for (const alpha of [0.7, 0.25]) {
        await page.fill('#alpha-number', String(alpha));
        const map = npyValues(await downloaded(page, '#save-npy'));
        expectClose(
          map,
          await oracle.saliency({ method: crossLayerHybrid({ alpha }), classIndex: 2 }),
          close,
        );
      }
    });

    test('one class rather than another is the margin’s map', async () => {
      await page.selectOption('#method', 'hybrid');
      await page.selectOption('#against', '6');
      await live(page);
      expect(await page.textContent('.caption-class')).toBe('fish rather than moon.');
      const map = npyValues(await downloaded(page, '#save-npy'));
      expectClose(
        map,
        await oracle.saliency({ method: hybrid({ alpha: 0.25 }), target: margin(2, 6) }),
        close,
      );
      await page.selectOption('#against', '');
      await live(page);
    });

    test('a method that the layer cannot serve is disabled and says why', async () => {
      await page.click('.presets button >> nth=1');
      await live(page);
      const [disabled, reason] = await page.$eval('#method option[value=cam]', (option) => [
        (option as HTMLOptionElement).disabled,
        option.getAttribute('title'),
      ]);
      expect(disabled).toBe(true);
      expect(reason).toContain('global average pooling');
      await page.click('.presets button >> nth=0');
      await live(page);
    });

    test('the evidence adds up to the score', async () => {
      const words = await page.textContent('.ledger p');
      const [score, bias, sum] = [...words!.matchAll(/−?\d+\.\d+/g)].map(([text]) =>
        Number(text.replace('−', '-')),
      );
      expect(score).toBeCloseTo(bias! + sum!, 1);
      expect(await page.locator('.ledger-row').count()).toBe(5);
    });

    test('every method runs side by side, and one pointer reads all of them', async () => {
      await page.click('#run-compare');
      await allPanels(page);
      await page.locator('.grid .cross-frame').nth(1).hover();
      const values = await page.$$eval('.grid .value', (all) => all.map((value) => value.textContent));
      expect(values.every((value) => /\d/.test(value ?? ''))).toBe(true);
      expect(values[1]).toMatch(/logits$/);
    });

    test('the live curves end at the areas that the metrics package computes', async () => {
      await page.fill('#alpha-number', '0.7');
      await page.click('#run-curves');
      await page.waitForFunction(
        () => /points/.test(document.querySelector('#trust [role=status]')?.textContent ?? ''),
        null,
        { timeout: 60_000 },
      );
      await page.waitForFunction(
        () => /took/.test(document.querySelector('#trust [role=status]')?.textContent ?? ''),
        null,
        { timeout: 120_000 },
      );
      const shown = (await page.$$eval('#trust tbody tr:first-child td', (cells) =>
        cells.map((cell) => Number(cell.textContent)),
      )) as [number, number];
      const map = await oracle.saliency({ method: hybrid({ alpha: 0.7 }), classIndex: 2 });
      expect(Math.abs(shown[0] - (await oracle.auc(map, 'insertion', 2)))).toBeLessThan(1e-3);
      expect(Math.abs(shown[1] - (await oracle.auc(map, 'deletion', 2)))).toBeLessThan(1e-3);
      const others = await page.$$eval('#trust tbody tr:not(:first-child) td', (cells) =>
        cells.map((cell) => Number(cell.textContent)),
      );
      expect(others.every((auc) => auc > 0 && auc < 1)).toBe(true);
    });

    test('curves can be cancelled, and the page goes on', async () => {
      // In the page itself: from out here the measurement would be over before the second click.
      await page.evaluate(async () => {
        const button = document.querySelector<HTMLButtonElement>('#run-curves')!;
        const reads = (text: string) => button.textContent === text;
        button.click();
        while (!reads('Cancel')) await new Promise(requestAnimationFrame);
        button.click();
        while (!reads('Measure')) await new Promise(requestAnimationFrame);
      });
      expect(await page.textContent('#trust [role=status]')).not.toContain('took');
      await page.click('#classes .bar >> nth=1');
      await live(page);
      expect(await page.isHidden('#notice')).toBe(true);
    });

    test('nothing was refused, and nothing came from elsewhere', () => {
      expect(complaints).toEqual([]);
    });
  },
);
