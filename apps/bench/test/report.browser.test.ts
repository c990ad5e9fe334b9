import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasChromium, launchChromium } from '@hybridcam/test-utils/browser-page';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../src/main.ts';
import { RECORD_VERSION } from '../src/records/record.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const hostile = '"><img src=x onerror="document.title=1">\u202e.png';

describe.skipIf(!hasChromium())('report.html in Chromium (skipped where there is none)', () => {
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bench-report-'));
    const quiet = { write: () => true };
    const context = { stdout: quiet, stderr: quiet, signal: new AbortController().signal };
    const args = [
      'run',
      '--images',
      'scenes:5',
      '--method',
      'grad-cam,hybrid,cross-layer-hybrid,random,oracle',
      '--metric',
      'insertion,deletion,energy',
      '--out',
      folder,
      '-q',
    ];
    expect(await main(args, context)).toBe(0);
    // A file name and a message from somebody who means harm.
    const failure = {
      v: RECORD_VERSION,
      key: 'x',
      image: `gone ${hostile}`,
      error: { code: 'IMAGE_FORMAT', message: `<script>document.title=2</script> ${hostile}` },
    };
    writeFileSync(path.join(folder, 'failures.jsonl'), `${JSON.stringify(failure)}\n`);
    // The same as the name of an image with numbers and pictures, and as the names of all classes; one image is misclassified.
    const rewrite = (file: string, change: (line: Record<string, unknown>) => object) => {
      const lines = readFileSync(path.join(folder, file), 'utf8').trim().split('\n');
      const changed = lines.map((line) => JSON.stringify(change(JSON.parse(line))));
      writeFileSync(path.join(folder, file), `${changed.join('\n')}\n`);
    };
    rewrite('pictures.jsonl', (line) =>
      line['image'] === 'scene-000000' ? { ...line, image: hostile } : line,
    );
    rewrite('records.jsonl', (line) => {
      if (line['image'] === 'scene-000001') return { ...line, flags: ['misclassified'] };
      return line['image'] === 'scene-000000' ? { ...line, image: hostile } : line;
    });
    const run = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8'));
    const labels = run.labels.map((label: string) => `${label} ${hostile}`);
    writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...run, labels }));
    expect(await main(['report', folder, '-q'], context)).toBe(0);
    address = pathToFileURL(path.join(folder, 'report.html')).href;
    browser = await launchChromium('usual');
  });
  afterAll(() => browser?.close());

  it.each([
    ['desktop', 1280, 'light'],
    ['phone', 375, 'light'],
    ['dark', 1280, 'dark'],
  ] as const)(
    'has no accessibility violation and does not scroll sideways (%s)',
    async (_, width, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
      await page.goto(address);
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { axe: runner } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await runner.run()).violations.map(
          ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`,
        );
      });
      expect(violations).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.close();
    },
  );

  it('asks for nothing, runs nothing and shows hostile names as text', async () => {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([address]);
    expect(await page.title()).toMatch(/^Explanations of/);
    expect(await page.locator('.case h4').allTextContents()).toContainEqual(
      expect.stringMatching(/^"><img src=x onerror="document\.title=1">.*: \w+ "><img/),
    );
    expect(await page.locator('#failures ~ div').first().textContent()).toContain(
      '<script>document.title=2</script>',
    );
    await page.close();
  });

  it('shows thumbnails beside every image, and mistakes, low scores and disagreements with evidence and controls', async () => {
    const page = await browser.newPage();
    await page.goto(address);
    const broken = await page.evaluate(
      () => [...document.images].filter((image) => image.naturalWidth === 0).length,
    );
    expect(broken).toBe(0);
    expect(await page.locator('table.images tbody tr').count()).toBe(5);
    expect(await page.locator('table.images .thumb').count()).toBe(10);
    expect(await page.locator('#gallery ~ h3').allTextContents()).toEqual([
      'Explained class is not the true one',
      'Worst insertion of grad-cam @ layer4.1',
    ]);
    const captions = await page.locator('.case').first().locator('figcaption').allTextContents();
    expect(captions.map((caption) => caption.replace(/ -?[\d.]+$/, ''))).toEqual([
      'what the network saw',
      'the evidence',
      'grad-cam @ layer4.1',
      'cross-layer-hybrid α0.7 @ layer4.1 × layer1.1',
      'hybrid α0.7 @ layer4.1',
      'oracle (control)',
      'random (control)',
    ]);
    // The evidence is the picture with the rest in the dark: darker, not black.
    const brightness = await page
      .locator('.case')
      .first()
      .evaluate(async (element) =>
        Promise.all(
          [...element.querySelectorAll('img')].slice(0, 2).map(async (image) => {
            const canvas = document.createElement('canvas');
            const context = canvas.getContext('2d')!;
            context.drawImage(image, 0, 0);
            const { data } = context.getImageData(0, 0, image.naturalWidth, image.naturalHeight);
            return data.reduce((sum, value, i) => (i % 4 === 3 ? sum : sum + value), 0) / data.length;
          }),
        ),
      );
    expect(brightness[1]).toBeLessThan(0.6 * brightness[0]!);
    expect(brightness[1]).toBeGreaterThan(0.2 * brightness[0]!);
    // Every chapter is reached from the top.
    for (const href of await page
      .locator('nav a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!)))
      expect(await page.locator(href).count(), href).toBe(1);
    await page.close();
  });
});
