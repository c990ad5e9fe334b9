import path from 'node:path';
import { hasChromium, launchChromium } from '@hybridcam/test-utils/browser-page';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type Behaviour,
  dropAfter,
  type HostileServer,
  hostileServer,
  serve,
} from '../node/hostile-server.ts';

/** Two whole pieces of 4 MiB and a bit. */
const SIZE = 9_000_001;

interface Outcome {
  readonly source?: string;
  readonly stored?: string;
  readonly hash?: string;
  readonly code?: string;
  readonly message?: string;
  readonly phases?: string[];
}

describe.skipIf(!hasChromium())('fetchCheckpoint in Chromium (skipped where there is none)', () => {
  let browser: Browser;
  let script: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    script = await bundle();
    browser = await launchChromium('usual');
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    // A context of its own: its own storage.
    context = await browser.newContext();
    onTestFinished(() => context.close());
  });

  /** A server whose `/` is an empty page, open in `page`; other addresses behave as told, and they alone are counted. */
  async function start(behave: Behaviour): Promise<HostileServer> {
    const froms: number[] = [];
    const server = await hostileServer((c) => {
      if (c.request.url !== '/' && c.request.url !== '/favicon.ico')
        return behave({ ...c, count: froms.push(c.from) - 1 });
      c.response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>test</title>');
    }, SIZE);
    onTestFinished(() => server.close());
    page = await open(server);
    return { ...server, froms };
  }

  async function open(server: HostileServer): Promise<Page> {
    const opened = await context.newPage();
    await opened.goto(server.url);
    await opened.addScriptTag({ content: script });
    return opened;
  }

  const get = (server: HostileServer, on: Page = page, options: object = {}): Promise<Outcome> =>
    on.evaluate(
      async ({ file, options }) => {
        // biome-ignore lint/suspicious/noExplicitAny: the global of the bundle
        const { fetchCheckpoint } = (globalThis as any).hybridcamZoo;
        const phases: string[] = [];
        try {
          const { bytes, source, stored } = await fetchCheckpoint(file, {
            patience: { attempts: 3, retryDelay: 1, stallTimeout: 30_000 },
            onProgress: ({ phase }: { phase: string }) => phases.at(-1) === phase || phases.push(phase),
            ...options,
          });
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
          return { source, stored, hash: hex, phases };
        } catch (error) {
          const { code, message } = error as { code?: string; message: string };
          return { code: code ?? '', message };
        }
      },
      { file: server.file, options },
    );

  it('keeps the file in the private file system: the second visit asks nobody', async () => {
    const server = await start(serve);
    const { sha256 } = server.file;
    expect(await get(server)).toMatchObject({ source: 'network', stored: 'opfs', hash: sha256 });
    await page.close();
    expect(await get(server, await open(server))).toMatchObject({
      source: 'cache',
      stored: 'opfs',
      hash: sha256,
    });
    expect(server.froms).toEqual([0]);
  });

  it('resumes after a dropped connection and after a closed tab', async () => {
    const piece = 4 * 1024 * 1024;
    let hung = -1;
    const server = await start((c) => {
      if (hung >= 0) return serve(c);
      if (c.from <= piece) return dropAfter(3_500_000)(c);
      hung = c.from;
      hang(c);
    });
    const half = get(server).catch(() => ({}));
    await expect.poll(() => hung, { timeout: 60_000 }).toBeGreaterThan(piece);
    // The connection broke at least once on the way, and each time the next request went on from there.
    expect(server.froms.length).toBeGreaterThan(1);
    expect(server.froms).toEqual([...server.froms].sort((a, b) => a - b));
    await page.close();
    await half;
    const again = await open(server);
    expect(await get(server, again)).toMatchObject({ source: 'network', hash: server.file.sha256 });
    // A closed tab loses what did not fill a piece, and no more.
    expect(server.froms.at(-1)).toBe(piece);
  });

  it('goes on in memory when there is no room, and says so', async () => {
    const server = await start(serve);
    const session = await context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 6_000_000 });
    expect(await get(server)).toMatchObject({
      source: 'network',
      stored: 'memory',
      hash: server.file.sha256,
    });
  });

  it('falls back to the Cache API without a private file system', async () => {
    const server = await start(serve);
    const withoutOpfs = async (on: Page): Promise<Page> => {
      await on.evaluate(() => {
        Object.defineProperty(navigator.storage, 'getDirectory', {
          value: () => Promise.reject(new Error('no')),
        });
      });
      return on;
    };
    await withoutOpfs(page);
    expect(await get(server)).toMatchObject({
      source: 'network',
      stored: 'cache',
      hash: server.file.sha256,
    });
    const next = await withoutOpfs(await open(server));
    expect(await get(server, next)).toMatchObject({
      source: 'cache',
      stored: 'cache',
      hash: server.file.sha256,
    });
  });

  it('two tabs at once download once', async () => {
    const server = await start((c) => void setTimeout(() => serve(c), 200));
    const other = await open(server);
    const outcomes = await Promise.all([get(server), get(server, other)]);
    expect(outcomes.map(({ source }) => source).sort()).toEqual(['cache', 'network']);
    expect(server.froms).toEqual([0]);
  });

  it('a wrong file is an integrity error and is not kept', async () => {
    const server = await start((c) => serve({ ...c, content: c.content.map((byte) => byte ^ 1) }));
    const outcome = await get(server);
    expect(outcome).toMatchObject({ code: 'INTEGRITY' });
    expect(outcome.message).toContain(server.file.sha256);
    const left = await page.evaluate(async () => {
      const names: string[] = [];
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('hybridcam');
      // biome-ignore lint/suspicious/noExplicitAny: not in TypeScript's DOM yet
      for await (const name of (folder as any).keys()) names.push(name);
      return names;
    });
    expect(left).toEqual([]);
  });

  it('refuses plain http elsewhere; a server without CORS headers is a network error', async () => {
    const server = await start(serve);
    const other = await hostileServer(serve, 1000);
    onTestFinished(() => other.close());
    expect(await get(server, page, { url: 'http://example.com/x.pth' })).toMatchObject({ code: 'NETWORK' });
    expect(await get(server, page, { url: other.file.url })).toMatchObject({ code: 'NETWORK' });
  });
});

/** Headers, a byte, and then nothing. */
const hang: Behaviour = ({ response, content, from }) => {
  response.writeHead(206, { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
  response.write(content.subarray(from, from + 1));
};

async function bundle(): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@hybridcam/source', 'module', 'browser'] },
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(import.meta.dirname, 'entry.ts'), formats: ['iife'], name: 'hybridcamZoo' },
    },
  })) as Rollup.RollupOutput[];
  return result[0]!.output[0].code;
}
