import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exampleScenes, generateScene } from '@hybridcam/scenes';
import { expectClose } from '@hybridcam/test-utils';
import { encodePng } from '@hybridcam/viz';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandOutput, isBuilt, onlyFile } from './command-output.ts';
import {
  downloaded,
  hasChromium,
  live,
  npyValues,
  openPage,
  openSite,
  reads,
  type Site,
} from './open-page.ts';
import { drop } from './page-files.ts';

const canRun = hasChromium && isBuilt('hybridcam') && isBuilt('bench');

/** The same file goes to the page and to the commands, which then know nothing of each other. */
describe.skipIf(!canRun)(
  'the page against the commands (skipped where there is no Chromium, or before pnpm build)',
  () => {
    let site: Site;
    let page: Page;
    let folder: string;
    const scene = generateScene(exampleScenes.find(({ name }) => name === 'key')!.options).image;
    const picture = Buffer.from(encodePng(scene));

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-demo-'));
      mkdirSync(path.join(folder, 'pictures'));
      writeFileSync(path.join(folder, 'pictures/key.png'), picture);
      site = await openSite();
      ({ page } = await openPage(site));
      await live(page);
      await drop(page, [{ name: 'key.png', type: 'image/png', bytes: picture }]);
      await reads(page, '.caption-class', 'key.');
      await live(page);
    });
    afterAll(async () => {
      await site?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test.each([0, 0.42, 1])(
      'alpha %d on the slider is the map that hybridcam explain writes',
      async (alpha) => {
        const out = path.join(folder, `alpha-${alpha}`);
        await commandOutput('hybridcam', [
          'explain',
          path.join(folder, 'pictures/key.png'),
          '--alpha',
          String(alpha),
          '--save',
          'saliency',
          '--out',
          out,
        ]);
        await page.fill('#alpha-number', String(alpha));
        const map = npyValues(await downloaded(page, '#save-npy'));
        expect(map).toHaveLength(96 * 96);
        expectClose(map, npyValues(onlyFile(out, '.saliency.npy')), { absolute: 1e-4 });
      },
    );

    test('the live curves end at the areas that hybridcam-bench run records', async () => {
      const out = path.join(folder, 'bench');
      await commandOutput('bench', [
        'run',
        '--images',
        path.join(folder, 'pictures'),
        '--alpha',
        '0.3',
        '--metric',
        'insertion,deletion',
        '--out',
        out,
      ]);
      const records = onlyFile(out, 'records.jsonl')
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      await page.fill('#alpha-number', '0.3');
      await page.click('#run-curves');
      await reads(page, '#trust [role=status]', /took/);
      const shown = await page.$$eval('#trust tbody tr:first-child td', (cells) =>
        cells.map((cell) => Number(cell.textContent)),
      );
      const areas = ['insertion', 'deletion'].map(
        (metric) => records.find((record) => record.metric === metric).value as number,
      );
      expect(records).toHaveLength(2);
      expectClose(Float64Array.from(shown), Float64Array.from(areas), { absolute: 1e-3 });
    });
  },
);
