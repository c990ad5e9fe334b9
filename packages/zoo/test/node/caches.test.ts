import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cacheFolder, fetchCheckpoint } from '../../src/node.ts';
import { hostileServer, serve } from './hostile-server.ts';
import { temporaryCache } from './temporary-cache.ts';

function put(file: string, bytes: Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

async function start(): Promise<{
  server: Awaited<ReturnType<typeof hostileServer>>;
  cache: Awaited<ReturnType<typeof temporaryCache>>;
}> {
  const server = await hostileServer(serve);
  onTestFinished(() => server.close());
  return { server, cache: await temporaryCache() };
}

describe('cacheFolder', () => {
  it('is HYBRIDCAM_CACHE, else XDG’s, else ~/.cache; relative paths mean nothing', () => {
    expect(cacheFolder({ HYBRIDCAM_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe(path.join('/b', 'hybridcam'));
    expect(cacheFolder({ HYBRIDCAM_CACHE: 'a', XDG_CACHE_HOME: '', HOME: '/c' })).toBe(
      path.join('/c', '.cache', 'hybridcam'),
    );
  });
});

describe('fetchCheckpoint finds a file that another tool has fetched', () => {
  it('in PyTorch’s cache: TORCH_HOME, else below the user’s cache', async () => {
    const { server, cache } = await start();
    const torch = path.join(cache.folder, 'torch');
    for (const [env, place] of [
      [{ ...cache.env, TORCH_HOME: torch }, path.join(torch, 'hub/checkpoints/model-00000000.pth')],
      [cache.env, path.join(cache.folder, 'xdg/torch/hub/checkpoints/model-00000000.pth')],
    ] as const) {
      put(place, server.content);
      expect(await fetchCheckpoint(server.file, { env })).toEqual({ path: place, source: 'torch' });
    }
    expect(server.froms).toEqual([]);
  });

  it('in Hugging Face’s cache, by its hash', async () => {
    const { server, cache } = await start();
    const hub = path.join(cache.folder, 'hf');
    const blob = path.join(hub, 'models--timm--anything/blobs', server.file.sha256);
    put(blob, server.content);
    const found = await fetchCheckpoint(server.file, {
      env: { ...cache.env, HF_HUB_CACHE: hub },
      offline: true,
    });
    expect(found).toEqual({ path: blob, source: 'huggingface' });
  });

  it('but not when it is damaged there: it is left alone, and ours is fetched', async () => {
    const { server, cache } = await start();
    const place = path.join(cache.folder, 'xdg/torch/hub/checkpoints/model-00000000.pth');
    const damaged = server.content.slice();
    damaged[1000] = 255 - damaged[1000]!;
    put(place, damaged);
    expect(await fetchCheckpoint(server.file, { env: cache.env })).toMatchObject({ source: 'network' });
    expect(readFileSync(place).equals(damaged)).toBe(true);
  });
});

describe('fetchCheckpoint offline', () => {
  it.each([{ offline: true }, { env: { HYBRIDCAM_OFFLINE: '1' } }])(
    '%j: says which file, which hash, where it looked and where to put it',
    async (how) => {
      const { server, cache } = await start();
      const env = { ...cache.env, ...how.env };
      const error = await fetchCheckpoint('resnet50', { ...how, env }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'NOT_FOUND' });
      const { message } = error as Error;
      for (const part of [
        'resnet50-0676ba61.pth',
        '102530333 bytes',
        '0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a',
        'https://download.pytorch.org/models/resnet50-0676ba61.pth',
        cache.file('resnet50-0676ba61.pth'),
        path.join('torch', 'hub', 'checkpoints'),
        path.join('huggingface', 'hub'),
        'HYBRIDCAM_CACHE',
      ]) {
        expect(message).toContain(part);
      }
      expect(server.froms).toEqual([]);
    },
  );
});

describe('fetchCheckpoint with HYBRIDCAM_MIRROR', () => {
  it('asks the mirror for the file’s name and the publisher not at all', async () => {
    const { server, cache } = await start();
    const file = { ...server.file, url: 'https://publisher.invalid/model.pth' };
    const env = { ...cache.env, HYBRIDCAM_MIRROR: `${server.url}/weights` };
    expect(await fetchCheckpoint(file, { env })).toMatchObject({ source: 'network' });
    await expect(
      fetchCheckpoint('resnet18', { env: { ...cache.env, HYBRIDCAM_MIRROR: 'nowhere' } }),
    ).rejects.toThrow('expected HYBRIDCAM_MIRROR to be a URL');
  });

  it('believes a mirror no more than anybody: the hash decides', async () => {
    const { server, cache } = await start();
    const file = { ...server.file, sha256: 'a'.repeat(64) };
    const env = { ...cache.env, HYBRIDCAM_MIRROR: server.url };
    await expect(fetchCheckpoint(file, { env })).rejects.toMatchObject({ code: 'INTEGRITY' });
    expect(await cache.names()).not.toContain(file.fileName);
  });
});

it('a cache that cannot be written is an IO error', async () => {
  const { server, cache } = await start();
  put(path.join(cache.folder, 'ours'), new Uint8Array(1));
  await expect(fetchCheckpoint(server.file, { env: cache.env })).rejects.toMatchObject({ code: 'IO' });
});
