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
      image: hostile,
      error: { code: 'IMAGE_FORMAT', message: `<script>document.title=2</script> ${hostile}` },
    };
    writeFileSync(path.join(folder, 'failures.jsonl'), `${JSON.stringify(failure)}\n`);
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
    expect(await page.locator('#failures ~ div').first().textContent()).toContain(
      '<script>document.title=2</script>',
    );
    await page.close();
  });
});
