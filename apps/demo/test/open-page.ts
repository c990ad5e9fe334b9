import { existsSync } from 'node:fs';
import { methodNames, methods } from '@hybridcam/core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { serve } from '../serve.mjs';
import { builtFolder, ensureBuilt } from './built-page.ts';

export const executablePath = process.env['HYBRIDCAM_CHROMIUM'] ?? '/usr/bin/chromium';
export const hasChromium = existsSync(executablePath);

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The production build on a server of its own, and a browser. */
export async function openSite(options: { isolated?: boolean } = {}): Promise<Site> {
  await ensureBuilt();
  const server = await serve(builtFolder, options);
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
  return {
    url: server.url,
    browser,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

export interface OpenPage {
  readonly page: Page;
  /** Console errors, uncaught errors, refused loads and policy violations, of the page and its workers. */
  readonly complaints: string[];
}

export interface PageOptions extends BrowserContextOptions {
  /** After `#`. */
  readonly hash?: string;
  /** Whether the service worker may register; it would outlive the page's test otherwise. Default: no. */
  readonly offline?: boolean;
}

/** The page in a context of its own. */
export async function openPage(
  site: Site,
  { hash = '', offline = false, ...options }: PageOptions = {},
): Promise<OpenPage> {
  const context = await site.browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: offline ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url) && !/^(blob|data):/.test(request.url())) {
      complaints.push(`third party: ${request.url()}`);
    }
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(
        `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      ),
    );
  });
  await page.goto(`${site.url}#${hash}`);
  return { page, complaints };
}

/** Waits until the network's own explanation is shown and nothing is pending. */
export async function live(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.body.dataset['source'] === 'live' && !document.body.hasAttribute('data-busy'),
    null,
    {
      timeout: 60_000,
    },
  );
}

/** The bytes of the file that a click downloads. */
export async function downloaded(page: Page, selector: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
  const stream = await download.createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The float32 values of a .npy file. */
export function npyValues(bytes: Buffer): Float32Array {
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
}

/** Waits until every method that needs one pass has its panel in the grid. */
export async function allPanels(page: Page): Promise<void> {
  const count = methodNames.filter(
    (name) => methods[name].layers === 1 && methods[name].forwards === 'one',
  ).length;
  await page.waitForFunction(
    (expected) =>
      document.querySelectorAll('.grid figure').length === expected &&
      document.querySelector('#run-compare')?.textContent === 'Run every method',
    count,
    { timeout: 60_000 },
  );
}
