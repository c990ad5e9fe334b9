import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CamError, OptionError } from '@hybridcam/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { zoo } from '../../src/index.ts';
import { type DownloadProgress, type FetchCheckpointOptions, fetchCheckpoint } from '../../src/node.ts';
import {
  type Behaviour,
  dropAfter,
  type HostileServer,
  hostileServer,
  randomBytes,
  serve,
} from './hostile-server.ts';
import { type TemporaryCache, temporaryCache } from './temporary-cache.ts';

const NAME = 'model-00000000.pth';
const PATIENCE = { attempts: 3, retryDelay: 1, stallTimeout: 300 };

async function start(behave: Behaviour): Promise<{ server: HostileServer; cache: TemporaryCache }> {
  const server = await hostileServer(behave);
  onTestFinished(() => server.close());
  return { server, cache: await temporaryCache() };
}

function get(
  { server, cache }: { server: HostileServer; cache: TemporaryCache },
  options: FetchCheckpointOptions = {},
): ReturnType<typeof fetchCheckpoint> {
  return fetchCheckpoint(server.file, { env: cache.env, patience: PATIENCE, ...options });
}

/** Rejects with a typed error, and leaves nothing in the cache that looks like the file. */
async function refused(setup: { server: HostileServer; cache: TemporaryCache }): Promise<CamError> {
  const error = await get(setup).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CamError);
  expect(await setup.cache.names()).not.toContain(NAME);
  expect(await setup.cache.names()).not.toContain(`${NAME}.lock`);
  return error as CamError;
}

async function fetched(setup: { server: HostileServer; cache: TemporaryCache }): Promise<void> {
  const result = await get(setup);
  expect(result).toEqual({ path: setup.cache.file(NAME), source: 'network' });
  expect(readFileSync(result.path).equals(setup.server.content)).toBe(true);
  expect(await setup.cache.names()).toEqual([NAME]);
}

describe('fetchCheckpoint from a server that behaves', () => {
  it('downloads once; the second time it reads the cache', async () => {
    const setup = await start(serve);
    await fetched(setup);
    expect(await get(setup)).toMatchObject({ source: 'hybridcam' });
    expect(setup.server.froms).toEqual([0]);
  });

  it('reports bytes, rate and time left', async () => {
    const setup = await start((context) => {
      const { response, content } = context;
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 100_000));
      setTimeout(() => {
        response.write(content.subarray(100_000));
        response.end();
      }, 150);
    });
    const seen: DownloadProgress[] = [];
    await get(setup, { onProgress: (progress) => seen.push(progress) });
    const downloads = seen.filter(({ phase }) => phase === 'download');
    expect(downloads.at(-1)).toMatchObject({ loadedBytes: 300_000, totalBytes: 300_000, secondsLeft: 0 });
    expect(downloads.at(-1)!.bytesPerSecond).toBeGreaterThan(0);
    expect(downloads.map(({ loadedBytes }) => loadedBytes)).toEqual(
      downloads.map(({ loadedBytes }) => loadedBytes).sort((a, b) => a - b),
    );
  });

  it('downloads anew when our copy was damaged, and says nothing wrong about it', async () => {
    const setup = await start(serve);
    await fetched(setup);
    writeFileSync(setup.cache.file(NAME), setup.server.content.subarray(1));
    await fetched(setup);
    expect(setup.server.froms).toEqual([0, 0]);
  });

  it('resumes what is there, and starts over when that is no beginning of the file', async () => {
    const setup = await start(serve);
    mkdirSync(path.dirname(setup.cache.file(NAME)), { recursive: true });
    writeFileSync(setup.cache.file(`${NAME}.partial`), setup.server.content.subarray(0, 120_000));
    await fetched(setup);
    expect(setup.server.froms).toEqual([120_000]);
    const other = await start(serve);
    mkdirSync(path.dirname(other.cache.file(NAME)), { recursive: true });
    writeFileSync(other.cache.file(`${NAME}.partial`), randomBytes(120_000, 99));
    await fetched(other);
    expect(other.server.froms).toEqual([120_000, 0]);
  });

  it('keeps a whole partial file without asking the server, and drops one that is too long', async () => {
    const setup = await start(serve);
    mkdirSync(path.dirname(setup.cache.file(NAME)), { recursive: true });
    writeFileSync(setup.cache.file(`${NAME}.partial`), setup.server.content);
    await fetched(setup);
    expect(setup.server.froms).toEqual([]);
    const long = await start(serve);
    mkdirSync(path.dirname(long.cache.file(NAME)), { recursive: true });
    writeFileSync(long.cache.file(`${NAME}.partial`), randomBytes(400_000, 5));
    await fetched(long);
    expect(long.server.froms).toEqual([0]);
  });

  it('needs no more than the first eight digits of the hash, and no size', async () => {
    const setup = await start(serve);
    const file = { ...setup.server.file, bytes: undefined, sha256: setup.server.file.sha256.slice(0, 8) };
    const result = await fetchCheckpoint(file, { env: setup.cache.env });
    expect(readFileSync(result.path).equals(setup.server.content)).toBe(true);
    const wrong = { ...file, sha256: '00000000', fileName: 'other.pth' };
    await expect(fetchCheckpoint(wrong, { env: setup.cache.env })).rejects.toMatchObject({
      code: 'INTEGRITY',
    });
  });
});

describe('fetchCheckpoint from a server that misbehaves', () => {
  it.each<[string, Behaviour, number]>([
    ['drops the connection now and then', (c) => (c.count < 4 ? dropAfter(60_000) : serve)(c), 5],
    ['drops it at once', (c) => (c.count < 2 ? c.request.socket.destroy() : serve(c)), 3],
    [
      'answers 503 and 429 first',
      (c) => (c.count < 2 ? c.response.writeHead(c.count ? 503 : 429).end() : serve(c)),
      3,
    ],
    ['ignores Range', (c) => (c.count === 0 ? dropAfter(60_000) : () => serve({ ...c, from: 0 }))(c), 2],
    [
      'answers 416 to a good range',
      (c) =>
        c.count === 0 ? dropAfter(60_000)(c) : c.count === 1 ? c.response.writeHead(416).end() : serve(c),
      3,
    ],
    [
      'answers another range than asked for',
      (c) => {
        if (c.count === 0) return dropAfter(60_000)(c);
        if (c.count > 1) return serve(c);
        c.response.writeHead(206, { 'content-range': `bytes 7-${c.content.length - 1}/${c.content.length}` });
        c.response.write(c.content.subarray(7));
        c.response.end();
      },
      3,
    ],
    [
      'says the right range and sends wrong bytes',
      (c) => {
        if (c.count === 0) return dropAfter(60_000)(c);
        serve(c.count === 1 ? { ...c, content: randomBytes(c.content.length, 8) } : c);
      },
      3,
    ],
    [
      'stalls without closing',
      (c) => {
        if (c.count > 0) return serve(c);
        c.response.writeHead(200, { 'content-length': c.content.length });
        c.response.write(c.content.subarray(0, 50_000));
      },
      2,
    ],
    ['never answers the first request', (c) => (c.count === 0 ? undefined : serve(c)), 2],
    [
      'sends a wrong file once',
      (c) => serve(c.count === 0 ? { ...c, content: randomBytes(300_000, 3) } : c),
      2,
    ],
    [
      'gives no length and ends early once',
      (c) => {
        c.response.writeHead(200);
        c.response.write(c.content.subarray(0, c.count === 0 ? 50_000 : undefined));
        c.response.end();
      },
      2,
    ],
  ])('which %s: the file comes whole', async (_, behave, requests) => {
    const setup = await start(behave);
    await fetched(setup);
    expect(setup.server.froms).toHaveLength(requests);
  });

  it.each<[string, Behaviour, string, RegExp]>([
    [
      'always sends wrong bytes',
      (c) => serve({ ...c, content: randomBytes(300_000, 3) }),
      'INTEGRITY',
      /twice gave 300000 bytes with [0-9a-f]{64}/,
    ],
    ['has no such file', (c) => void c.response.writeHead(404).end('no'), 'NETWORK', /status 404/],
    [
      'announces another length',
      (c) => void c.response.writeHead(200, { 'content-length': 5 }).end('hello'),
      'NETWORK',
      /announces 5 bytes instead of 300000/,
    ],
    [
      'announces more than it sends',
      (c) => {
        c.response.writeHead(200, { 'content-length': c.content.length });
        c.response.end(c.content.subarray(0, 1000));
      },
      'NETWORK',
      /broke|ended/,
    ],
    [
      'sends without end',
      (c) => {
        c.response.writeHead(200);
        const more = (): void => {
          while (!c.response.destroyed && c.response.write(c.content));
          if (!c.response.destroyed) c.response.once('drain', more);
        };
        more();
      },
      'NETWORK',
      /more than 300000 bytes/,
    ],
    [
      'sends gzip unasked',
      (c) => {
        c.response.writeHead(200, { 'content-encoding': 'gzip' });
        c.response.end(gzipSync(gzipSync(c.content)));
      },
      'NETWORK',
      /encoded \(gzip\)/,
    ],
    ['drips until the patience ends', (c) => dropAfter(10)(c), 'NETWORK', /broke after \d+ bytes/],
    ['never answers', () => {}, 'NETWORK', /no byte came for 0.3 s/],
    [
      'is no HTTP server',
      (c) => void c.request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
      'NETWORK',
      /Parse Error/,
    ],
  ])('which %s: a typed error, and no file', async (_, behave, code, message) => {
    const error = await refused(await start(behave));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it.each([
    ['http://example.com/model.pth', 'not https'],
    ['ftp://example.com/model.pth', 'not https'],
    ['https://127.0.0.1/model.pth', 'not a public address'],
    ['https://0x7f000001/model.pth', 'not a public address'],
    ['https://10.1.2.3/model.pth', 'not a public address'],
    ['https://192.168.0.1/model.pth', 'not a public address'],
    ['https://169.254.169.254/latest/meta-data', 'not a public address'],
    ['https://[::1]/model.pth', 'not a public address'],
    ['https://[::ffff:10.0.0.1]/model.pth', 'not a public address'],
    ['https://[fd00::1]/model.pth', 'not a public address'],
    ['https://localhost/model.pth', 'this machine'],
    ['https://user:secret@example.com/model.pth', 'login'],
    ['http://[', 'without a location'],
  ])('which redirects to %s: refused at once', async (location, reason) => {
    const setup = await start(({ response }) => response.writeHead(302, { location }).end());
    const error = await refused(setup);
    expect(error).toMatchObject({ code: 'NETWORK' });
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain('secret');
    expect(setup.server.froms).toHaveLength(1);
  });

  it('follows a redirect within the server, not a circle of them', async () => {
    const setup = await start((c) =>
      c.request.url === '/there' ? serve(c) : c.response.writeHead(307, { location: '/there' }).end(),
    );
    await fetched(setup);
    const circle = await start(({ response }) => response.writeHead(302, { location: '/again' }).end());
    expect((await refused(circle)).message).toContain('redirected more than 5 times');
  });

  it('refuses plain http elsewhere than on this machine', async () => {
    const { cache } = await start(serve);
    const file = { ...zoo.resnet50.checkpoint, url: 'http://example.com/resnet50.pth' };
    await expect(fetchCheckpoint(file, { env: cache.env })).rejects.toThrow('not https');
  });
});

describe('fetchCheckpoint, aborted', () => {
  it('stops at once, keeps what came, and goes on the next time', async () => {
    const setup = await start((c) => {
      if (c.count > 0) return serve(c);
      c.response.writeHead(200, { 'content-length': c.content.length });
      c.response.write(c.content.subarray(0, 90_000));
    });
    const controller = new AbortController();
    const attempt = get(setup, {
      signal: controller.signal,
      onProgress: () => setTimeout(() => controller.abort('enough'), 100),
      patience: { ...PATIENCE, stallTimeout: 60_000 },
    });
    await expect(attempt).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    await fetched(setup);
    expect(setup.server.froms).toEqual([0, 90_000]);
  });

  it('while another process downloads, by a reason that is an error of ours', async () => {
    const setup = await start(serve);
    const lock = `${setup.cache.file(NAME)}.lock`;
    mkdirSync(path.dirname(lock), { recursive: true });
    writeFileSync(lock, '1 another-machine c');
    const controller = new AbortController();
    const reason = new OptionError('enough');
    const attempt = get(setup, {
      signal: controller.signal,
      onProgress: ({ phase }) => void (phase === 'wait' && controller.abort(reason)),
    });
    await expect(attempt).rejects.toMatchObject({ code: 'ABORTED', cause: reason });
    expect(setup.server.froms).toEqual([]);
  });

  it('before anything: no request', async () => {
    const setup = await start(serve);
    await expect(get(setup, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(setup.server.froms).toEqual([]);
  });
});
