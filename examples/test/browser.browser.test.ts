import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateScene, sceneClasses } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { chromium } from 'playwright-core';
import { build, defaultClientConditions, preview } from 'vite';
import { expect, onTestFinished, test } from 'vitest';

const executablePath = process.env['HYBRIDCAM_CHROMIUM'] ?? '/usr/bin/chromium';
const WAIT = { timeout: 120_000 };

test.skipIf(!existsSync(executablePath))(
  'browser: the built page explains a chosen picture and says what is wrong with another file',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const config = {
      configFile: false as const,
      root: path.resolve(import.meta.dirname, '../browser'),
      logLevel: 'error' as const,
      resolve: { conditions: ['@hybridcam/source', ...defaultClientConditions] },
      build: { outDir: path.join(folder, 'dist'), target: 'es2022' },
    };
    await build(config);
    const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } });
    onTestFinished(() => server.close());
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(server.resolvedUrls!.local[0]!);
    await page.getByText('Ready.').waitFor(WAIT);

    const fish = path.join(folder, 'fish.png');
    writeFileSync(fish, encodePng(generateScene({ seed: 7178 }).image));
    await page.setInputFiles('input', fish);
    await page.getByText(`Class ${sceneClasses.indexOf('fish')}, `).waitFor(WAIT);
    const shown = await page.evaluate(() => {
      const canvas = document.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return {
        hidden: canvas.hidden,
        width: canvas.width,
        colours: new Set(new Uint32Array(data.buffer)).size,
      };
    });
    expect(shown).toMatchObject({ hidden: false, width: 96 });
    expect(shown.colours).toBeGreaterThan(100);

    const text = path.join(folder, 'text.png');
    writeFileSync(text, 'no picture');
    await page.setInputFiles('input', text);
    await page.getByText('expected a JPEG, PNG or WebP image').waitFor(WAIT);
    expect(problems).toEqual([]);
  },
);
