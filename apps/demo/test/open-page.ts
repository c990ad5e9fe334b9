import { type MethodName, methodNames, methods } from '@hybridcam/core';
import {
  hasChromium as chromiumIsThere,
  type Graphics,
  launchChromium,
} from '@hybridcam/test-utils/browser-page';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { vi } from 'vitest';
import { serve } from '../serve.mjs';
import type { CallName, Reply, Request } from '../src/protocol.ts';
import { builtFolder, ensureBuilt } from './built-page.ts';

export const hasChromium = chromiumIsThere();

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

export interface SiteOptions {
  /** Whether the server sends the headers that allow threads. Default: yes. */
  readonly isolated?: boolean;
  readonly graphics?: Graphics;
  /** Default: the production build. */
  readonly folder?: string;
}

/** The built page on a server of its own, and a browser. */
export async function openSite({
  graphics = 'usual',
  folder = builtFolder,
  isolated = true,
}: SiteOptions = {}): Promise<Site> {
  await ensureBuilt();
  const server = await serve(folder, { isolated });
  const browser = await launchChromium(graphics, [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ]);
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
  /** Lets through what `hold` holds back. */
  release(): void;
  /** Console errors, uncaught errors, refused loads and policy violations, of the page and its workers. */
  readonly complaints: string[];
}

export interface PageOptions extends BrowserContextOptions {
  /** After `#`. */
  readonly hash?: string;
  /** Whether the service worker may register; it would outlive the page's test otherwise. Default: no. */
  readonly offline?: boolean;
  /** Requests that wait for `release`, so that a test can look at the page before their answer. */
  readonly hold?: RegExp;
  /** Requests that get no answer at all. */
  readonly block?: RegExp;
  /** Calls of the worker whose results never arrive: they run until the page cancels them, however fast the machine. */
  readonly endless?: CallName;
}

/** The page in a context of its own. */
export async function openPage(
  site: Site,
  { hash = '', offline = false, hold, block, endless, ...options }: PageOptions = {},
): Promise<OpenPage> {
  const context = await site.browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: offline ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(patience.timeout);
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
  if (endless) await page.addInitScript(withholdResults, endless);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  if (hold) {
    await page.route(hold, async (route) => {
      await released;
      await route.continue();
    });
  }
  if (block) await page.route(block, (route) => route.abort());
  await page.goto(`${site.url}#${hash}`);
  return { page, complaints, release };
}

/** Runs in the page, before anything of it. */
function withholdResults(name: CallName): void {
  const calls = new Set<number>();
  const finished = new Set<number>();
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      // Before the page's own listener, which comes later.
      this.addEventListener('message', (event: MessageEvent<Reply>) => {
        if (event.data.kind !== 'result' || !calls.has(event.data.id)) return;
        event.stopImmediatePropagation();
        finished.add(event.data.id);
      });
    }

    override postMessage(request: Request, transfer?: Transferable[] | StructuredSerializeOptions): void {
      if (request.name === name) calls.add(request.id);
      super.postMessage(request, transfer as Transferable[]);
      if (request.name !== 'cancel' || !finished.has(request.id)) return;
      // As the worker answers for a call that still runs.
      const data: Reply = { id: request.id, kind: 'error', code: 'ABORTED', message: 'Cancelled.' };
      this.dispatchEvent(new MessageEvent('message', { data }));
    }
  };
}

/** For states of the page: long, since a loaded machine is slow and a test waits for no clock. */
const patience = { timeout: 300_000 };
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** Waits until the network's own explanation is shown and nothing is pending. */
export async function live(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.body.dataset['source'] === 'live' && !document.body.hasAttribute('data-busy'),
    null,
    patience,
  );
}

/**
 * Brings an open page to the state of a link, freshly explained, whatever an earlier test left: pointer, focus, notices, search and
 * dialog too.
 */
export async function visit(page: Page, hash = ''): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    document.querySelector('dialog')?.close();
    const search = document.querySelector<HTMLInputElement>('#class-search')!;
    search.value = '';
    search.dispatchEvent(new Event('input'));
  });
  await live(page);
  // By way of another class, so that the explanation is made anew even where the state is the wanted one.
  for (const next of ['classIndex=0', hash]) {
    await page.evaluate(async (to) => {
      if (location.hash.slice(1) === to) return;
      await new Promise<void>((resolve) => {
        // After the page's own listener, which was there first.
        addEventListener('hashchange', () => resolve(), { once: true });
        location.hash = to;
      });
    }, next);
    await live(page);
  }
}

/** Waits until the page reads as `text` or its pattern says: what is drawn comes a frame after what was done. */
export async function reads(page: Page, selector: string, text: string | RegExp): Promise<void> {
  const wanted = typeof text === 'string' ? { exact: text } : { source: text.source, flags: text.flags };
  await page.waitForFunction(
    ({ at, exact, source, flags }) => {
      const found = document.querySelector(at)?.textContent;
      if (found === undefined || found === null) return false;
      return exact === undefined ? new RegExp(source!, flags).test(found) : found === exact;
    },
    { at: selector, exact: undefined, source: undefined, flags: undefined, ...wanted },
    patience,
  );
}

/** The bytes of the file that a click downloads. */
export async function downloaded(page: Page, selector: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download', patience), page.click(selector)]);
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

/** Runs every method that needs one pass and waits until each has its panel in the grid. The grid must be empty before. */
export async function compareAll(page: Page): Promise<void> {
  // The scenes network is no transformer.
  const isMissing = (name: MethodName): boolean => ['attention', 'blocks'].includes(methods[name].needs);
  const count = methodNames.filter((name) => methods[name].forwards === 'one' && !isMissing(name)).length;
  await page.click('#run-compare');
  await page.waitForFunction(
    (expected) =>
      document.querySelectorAll('.grid figure').length === expected &&
      document.querySelector('#run-compare')?.textContent === 'Run every method',
    count,
    patience,
  );
}
