import { crossLayerHybrid, explain, hybrid, margin, pack } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { number } from '../src/text/format.ts';
import {
  compareAll,
  downloaded,
  hasChromium,
  live,
  npyValues,
  openPage,
  openSite,
  reads,
  type Site,
  visit,
} from './open-page.ts';
import { type Oracle, openOracle } from './oracle.ts';
import { runProgram } from './run-program.ts';

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
      await live(page);
    });
    afterAll(() => site?.close());

    const savedMap = async () => npyValues(await downloaded(page, '#save-npy'));
    const savedRecord = async () => JSON.parse((await downloaded(page, '#save-record')).toString());

    test('shows a prepared explanation, says so, and then the network’s own', async () => {
      const { page: fresh, release } = await openPage(site, { hold: /\.wasm$/ });
      await fresh.waitForSelector('.badge:not([hidden])');
      expect(await fresh.textContent('.bar .name')).toBe('fish');
      expect(await fresh.isDisabled('#save-npy')).toBe(true);
      release();
      await live(fresh);
      expect(await fresh.isHidden('.badge')).toBe(true);
      expect(await fresh.textContent('#map-words')).toMatch(
        /^Evidence peaks .+; \d+ % of it in 20 % of the area\.$/,
      );
      expect(await fresh.textContent('#runtime')).toContain('onnxruntime-web 1.30.0 (wasm)');
      await fresh.context().close();
    });

    test.each([0, 0.42, 1])('alpha %d, typed as a number, gives explain’s map', async (alpha) => {
      await visit(page);
      await page.fill('#alpha-number', String(alpha));
      expectClose(await savedMap(), await oracle.saliency({ method: hybrid({ alpha }) }), close);
    });

    test('the slider moves by the keyboard, without a call to the worker', async () => {
      await visit(page, 'alpha=0.5');
      await page.focus('#alpha');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await page.inputValue('#alpha-number')).toBe('0.52');
      expect(await page.getAttribute('body', 'data-busy')).toBeNull();
      expectClose(await savedMap(), await oracle.saliency({ method: hybrid({ alpha: 0.52 }) }), close);
    });

    test('a click on a class explains it', async () => {
      await visit(page);
      await page.click('#classes .bar >> nth=1');
      await live(page);
      const { class: found } = await savedRecord();
      expect(found.index).not.toBe(2);
      const map = await oracle.saliency({ method: hybrid({ alpha: 0.7 }), classIndex: found.index });
      expectClose(await savedMap(), map, close);
    });

    test('a class that is searched for can be explained, and unknown ones are said to be unknown', async () => {
      await visit(page);
      await page.fill('#class-search', 'tree');
      await page.click('.found .bar');
      await live(page);
      expect(await page.textContent('.caption-class')).toBe('tree.');
      await page.fill('#class-search', 'zebra');
      await page.waitForSelector('text=No class is called “zebra”.');
    });

    test('pointing at a class shows its map at once, and leaving it the chosen one', async () => {
      await visit(page, 'classIndex=6');
      expect(await page.textContent('.caption-class')).toBe('moon.');
      await page.hover('#classes .bar >> nth=0');
      await reads(page, '.caption-class', 'fish.');
      await page.mouse.move(0, 0);
      await reads(page, '.caption-class', 'moon.');
    });

    test('pointing at a class with another method shows that method’s map, or says what is shown', async () => {
      await visit(page, 'classIndex=6&method=grad-cam&against=4');
      await page.hover('#classes .bar >> nth=0');
      await reads(page, '.caption-class', /^fish rather than /);
      expect(await page.textContent('#map-note')).toBe('');
      await page.mouse.move(0, 0);
      await page.selectOption('#method', 'ablation-cam');
      await live(page);
      await page.hover('#classes .bar >> nth=0');
      await reads(
        page,
        '#map-note',
        /^Preview: hybrid of this class alone; click for Ablation-CAM of fish rather/,
      );
      await page.mouse.move(0, 0);
      await visit(page, 'classIndex=6&layer=layer3.0');
      await page.hover('#classes .bar >> nth=0');
      await reads(page, '#map-note', /^fish needs a click: at this layer/);
      expect(await page.textContent('.caption-class')).toBe('moon.');
    });

    test('any class that is searched for can be the one to compare with', async () => {
      await visit(page, 'alpha=0.25');
      await page.fill('#class-search', 'tree');
      await page.click('.found .contrast');
      await live(page);
      await reads(page, '.caption-class', 'fish rather than tree.');
      const { target } = await savedRecord();
      const map = await oracle.saliency({
        method: hybrid({ alpha: 0.25 }),
        target: margin(2, Number(/, (\d+)\)$/.exec(target.description)![1])),
      });
      expectClose(await savedMap(), map, close);
      expect(await page.getAttribute('.found .contrast', 'aria-pressed')).toBe('true');
      await page.click('.found .contrast');
      await live(page);
      await reads(page, '.caption-class', 'fish.');
    });

    test('the value under the pointer is that of the map, with its unit', async () => {
      await visit(page, 'method=grad-cam&smooth=false');
      const { width, height, x, y } = (await page.locator('.stage .heat').boundingBox())!;
      // The middle of a cell of twelve.
      const [row, column] = [7, 8];
      await page.mouse.move(x + (width * (column + 0.5)) / 12, y + (height * (row + 0.5)) / 12);
      await reads(page, '#map-value', /^Here \d/);
      const { cam } = await explain(oracle.model, oracle.input, { method: 'grad-cam', normalize: 'none' });
      expect(await page.textContent('#map-value')).toBe(`Here ${number(cam.get(row, column))} logits`);
      await page.mouse.move(0, 0);
      await reads(page, '#map-value', 'evidence per cell, logits');
    });

    test('an earlier layer, and back by its preset', async () => {
      await visit(page, 'alpha=0.3');
      await page.selectOption('#layer', 'layer3.0');
      await live(page);
      const map = await oracle.saliency({ method: hybrid({ alpha: 0.3 }), targetLayer: 'layer3.0' });
      expectClose(await savedMap(), map, close);
      await page.click('.presets button >> nth=0');
      await live(page);
      expect(await page.inputValue('#layer')).toBe(oracle.model.defaultLayer);
    });

    test.each(['eigen-cam', 'grad-cam-plus-plus', 'cam'] as const)(
      '%s gives explain’s map',
      async (method) => {
        await visit(page);
        await page.selectOption('#method', method);
        await live(page);
        expect(await page.isDisabled('#alpha')).toBe(true);
        expectClose(await savedMap(), await oracle.saliency({ method }), close);
      },
    );

    test('the cross-layer hybrid gives explain’s map at any alpha', async () => {
      await visit(page);
      await page.selectOption('#method', 'cross-layer-hybrid');
      await live(page);
      for (const alpha of [0.7, 0.25]) {
        await page.fill('#alpha-number', String(alpha));
        expectClose(await savedMap(), await oracle.saliency({ method: crossLayerHybrid({ alpha }) }), close);
      }
    });

    test('a method of many passes says what it costs, runs when asked to, and gives explain’s map', async () => {
      await visit(page);
      await page.selectOption('#method', 'smooth-grad-cam-plus-plus');
      await live(page);
      await reads(page, '#choices', /Runs the network 5 times, about \d/);
      expect(await page.textContent('#map-words')).toContain('Not run yet');
      // The button stands under the empty picture, too.
      await page.click('#run-method-here');
      await reads(page, '#map-words', /^Evidence peaks/);
      expect(await page.isHidden('#run-method-here')).toBe(true);
      const map = await oracle.saliency({ method: 'smooth-grad-cam-plus-plus' });
      expectClose(await savedMap(), map, close);
    });

    test('a method of many passes can be cancelled, and the page goes on', async () => {
      // Else it may be over before anybody looks, and “Cancel” never comes.
      const { page: fresh, complaints: ofIt } = await openPage(site, {
        hash: 'method=rise',
        endless: 'runMethod',
      });
      await live(fresh);
      await reads(fresh, '#choices', /Runs the network 4001 times/);
      await fresh.click('#run-method');
      await reads(fresh, '#run-method', 'Cancel');
      await fresh.click('#run-method');
      await reads(fresh, '#run-method', 'Run it');
      expect(await fresh.textContent('#map-words')).toContain('Not run yet');
      await fresh.selectOption('#method', 'hybrid');
      await live(fresh);
      expect(await fresh.isHidden('#notice')).toBe(true);
      expect(ofIt).toEqual([]);
      await fresh.context().close();
    });

    test('one class rather than another is the margin’s map', async () => {
      await visit(page, 'alpha=0.25');
      await page.selectOption('#against', '6');
      await live(page);
      expect(await page.textContent('.caption-class')).toBe('fish rather than moon.');
      const map = await oracle.saliency({ method: hybrid({ alpha: 0.25 }), target: margin(2, 6) });
      expectClose(await savedMap(), map, close);
    });

    test('a method that the layer cannot serve is disabled and says why', async () => {
      await visit(page);
      await page.click('.presets button >> nth=1');
      await live(page);
      const [disabled, reason] = await page.$eval('#method option[value=cam]', (option) => [
        (option as HTMLOptionElement).disabled,
        option.getAttribute('title'),
      ]);
      expect(disabled).toBe(true);
      expect(reason).toContain('global average pooling');
    });

    test('the evidence adds up to the score', async () => {
      await visit(page);
      const words = await page.textContent('.ledger p');
      const [score, bias, sum] = [...words!.matchAll(/−?\d+\.\d+/g)].map(([text]) =>
        Number(text.replace('−', '-')),
      );
      expect(score).toBeCloseTo(bias! + sum!, 1);
      expect(await page.locator('.ledger-row').count()).toBe(5);
    });

    test('every method runs side by side, and one pointer reads all of them', async () => {
      await visit(page);
      await compareAll(page);
      const titles = await page.$$eval('.grid .method-title', (all) => all.map((title) => title.textContent));
      expect(titles.slice(0, 3)).toEqual([
        'Hybrid, α = 0.7',
        expect.stringMatching(/^Cross-Layer .+, α = 0\.7$/i),
        'Grad-CAM',
      ]);
      await page.locator('.grid .cross-frame').nth(2).hover();
      await page.waitForFunction(() =>
        [...document.querySelectorAll('.grid .value')].every((value) => /\d/.test(value.textContent ?? '')),
      );
      expect(await page.locator('.grid .value').nth(2).textContent()).toMatch(/logits$/);
      // The hybrids follow the slider; the other panels stay.
      await page.fill('#alpha-number', '0.3');
      await reads(page, '.grid .method-title', 'Hybrid, α = 0.3');
      await reads(page, '.grid figure:nth-child(2) .method-title', /, α = 0\.3$/);
    });

    test('the live curves end at the areas that the metrics package computes', async () => {
      await visit(page);
      // Every text that the line shows, from before the first point.
      await page.evaluate(() => {
        const line = document.querySelector('#trust [role=status]')!;
        const texts: string[] = [];
        new MutationObserver(() => texts.push(line.textContent ?? '')).observe(line, { childList: true });
        Object.assign(globalThis, { statusTexts: texts });
      });
      await page.click('#run-curves');
      await reads(page, '#trust [role=status]', /took/);
      const texts = await page.evaluate(
        () => (globalThis as unknown as { statusTexts: string[] }).statusTexts,
      );
      expect(texts.some((text) => /^Measuring… [1-9]\d* points$/.test(text))).toBe(true);
      const shown = (await page.$$eval('#trust tbody tr:first-child td', (cells) =>
        cells.map((cell) => Number(cell.textContent)),
      )) as [number, number];
      const map = await oracle.saliency({ method: hybrid({ alpha: 0.7 }) });
      expect(Math.abs(shown[0] - (await oracle.auc(map, 'insertion', 2)))).toBeLessThan(1e-3);
      expect(Math.abs(shown[1] - (await oracle.auc(map, 'deletion', 2)))).toBeLessThan(1e-3);
      const others = await page.$$eval('#trust tbody tr:not(:first-child) td', (cells) =>
        cells.map((cell) => Number(cell.textContent)),
      );
      expect(others.every((auc) => auc > 0 && auc < 1)).toBe(true);
    });

    test.each([
      ['a sample', 'picture=mushroom-and-butterfly&alpha=0.3'],
      ['a new scene and a contrast', 'picture=seed%3A1234567890&method=grad-cam&classIndex=1&against=4'],
      ['another layer', 'picture=key&layer=layer3.0&method=layer-cam'],
    ])('the copied program runs as it is and gives the map on the page: %s', async (_, hash) => {
      await visit(page, hash);
      await page.click('#save-code');
      await reads(page, '#take-status', 'The program is on the clipboard.');
      const text = await page.evaluate(() => navigator.clipboard.readText());
      const { saliencyMap } = await runProgram(text);
      expectClose(await savedMap(), pack(saliencyMap), close);
    });

    test('curves can be cancelled, and the page goes on', async () => {
      await visit(page);
      // In one turn of the page: from out here the measurement might be over before the second wish.
      await page.evaluate(() => {
        document.querySelector<HTMLButtonElement>('#run-curves')!.click();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      });
      await reads(page, '#trust [role=status]', 'Cancelled.');
      expect(await page.textContent('#run-curves')).toBe('Measure');
      await page.click('#classes .bar >> nth=1');
      await live(page);
      expect(await page.isHidden('#notice')).toBe(true);
    });

    test('nothing was refused, and nothing came from elsewhere', () => {
      expect(complaints).toEqual([]);
    });
  },
);
