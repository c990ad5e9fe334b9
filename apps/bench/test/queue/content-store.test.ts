import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { CamError, OptionError } from '@hybridcam/core';
import { afterEach, describe, expect, it } from 'vitest';
import { serveContent } from '../../src/queue/content-server.ts';
import { createContentStore } from '../../src/queue/content-store.ts';
import { listMount } from '../../src/queue/mount.ts';
import { newFolder } from './bench-process.ts';

const bytes = Buffer.from('a photograph');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const content = { sha256, name: 'cats/cat.jpg' };
const servers: Server[] = [];

/** Address of a server that answers so. */
async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe('createContentStore', () => {
  it('fetches SOURCE/HASH once, then has it', async () => {
    const asked: string[] = [];
    const source = await serving((request, response) => {
      asked.push(request.url!);
      response.end(bytes);
    });
    const cache = newFolder();
    const store = createContentStore({ cache });
    const both = await Promise.all([store.read(content, [source]), store.read(content, [`${source}/`])]);
    expect(both.map((read) => Buffer.from(read).toString())).toEqual(['a photograph', 'a photograph']);
    await createContentStore({ cache }).read(content, []);
    expect(asked).toEqual([`/${sha256}`]);
    expect(readdirSync(cache)).toEqual([sha256]);
  });

  it('passes over sources that are gone, redirect, send something else, break off or stall', async () => {
    const stalling = await serving((_, response) => {
      response.write('a pho');
    });
    const breaking = await serving((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('a pho', () => response.destroy());
    });
    const lying = await serving((_, response) => response.end('another photograph'));
    const redirecting = await serving((_, response) => response.writeHead(302, { location: good }).end());
    const refusing = await serving((_, response) => response.writeHead(403).end());
    const good = await serving((_, response) => response.end(bytes));
    const cache = newFolder();
    const store = createContentStore({ cache, stallMs: 2000 });
    const bad = ['http://127.0.0.1:1', redirecting, refusing, breaking, lying, stalling];
    expect(Buffer.from(await store.read(content, [...bad, good]))).toEqual(bytes);
    expect(readdirSync(cache)).toEqual([sha256]);
    const error = await createContentStore({ cache: newFolder(), stallMs: 2000 })
      .read(content, bad)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CamError);
    expect((error as CamError).code).toBe('INTEGRITY');
    expect((error as CamError).message).toMatch(/status 403.*another hash.*no data for 2 s/);
  });

  it('asks an address of its own first, and never repeats what follows its path', async () => {
    const asked: string[] = [];
    const store = createContentStore({ cache: newFolder() });
    const presigned = await serving((request, response) => {
      asked.push(request.url!);
      if (request.url!.endsWith('signature=right')) response.end(bytes);
      else response.writeHead(403).end();
    });
    await store.read({ ...content, url: `${presigned}/bucket/cat?signature=right` }, ['http://127.0.0.1:1']);
    expect(asked).toEqual(['/bucket/cat?signature=right']);
    const other = { ...content, sha256: 'b'.repeat(64), url: `${presigned}/bucket/cat?signature=secret` };
    const error = (await store.read(other, []).catch((reason: unknown) => reason)) as CamError;
    expect(error.code).toBe('NETWORK');
    expect(error.message).toContain(`${presigned}/bucket/cat: status 403`);
    expect(error.message).not.toContain('secret');
  });

  it('fetches again what was damaged in the cache', async () => {
    const source = await serving((_, response) => response.end(bytes));
    const cache = newFolder();
    writeFileSync(path.join(cache, sha256), 'damaged');
    expect(Buffer.from(await createContentStore({ cache }).read(content, [source]))).toEqual(bytes);
    expect(readFileSync(path.join(cache, sha256))).toEqual(bytes);
  });

  it('finds a file in a mount by name or by hash, and takes no other content for it', async () => {
    const [byName, byHash, wrong, cache] = [newFolder(), newFolder(), newFolder(), newFolder()];
    for (const mount of [byName, wrong]) mkdirSync(path.join(mount, 'cats'));
    writeFileSync(path.join(byName, 'cats', 'cat.jpg'), bytes);
    writeFileSync(path.join(byHash, sha256), bytes);
    writeFileSync(path.join(wrong, 'cats', 'cat.jpg'), 'another photograph');
    for (const mount of [byName, byHash])
      expect(Buffer.from(await createContentStore({ cache, mount }).read(content, []))).toEqual(bytes);
    expect(existsSync(path.join(cache, sha256))).toBe(false);
    await expect(createContentStore({ cache, mount: wrong }).read(content, [])).rejects.toThrow(
      'it has none',
    );
    await expect(
      createContentStore({ cache, mount: path.join(wrong, 'gone') }).read(content, []),
    ).rejects.toThrow('--mount: expected a readable folder');
  });

  it('follows links to files inside the mount, and none that leads out of it or to a folder', async () => {
    const [mount, outside] = [newFolder(), newFolder()];
    mkdirSync(path.join(mount, 'store'));
    writeFileSync(path.join(mount, 'store', 'object'), bytes);
    mkdirSync(path.join(mount, 'cats'));
    symlinkSync(path.join('..', 'store', 'object'), path.join(mount, 'cats', 'cat.jpg'));
    writeFileSync(path.join(outside, 'secret'), bytes);
    symlinkSync(path.join(outside, 'secret'), path.join(mount, 'out.jpg'));
    symlinkSync(path.join(mount, 'gone'), path.join(mount, 'dangling.jpg'));
    symlinkSync(outside, path.join(mount, 'folder'));
    expect([...(await listMount(mount)).files.keys()].sort()).toEqual(['cats/cat.jpg', 'store/object']);
    const store = createContentStore({ cache: newFolder(), mount });
    expect(Buffer.from(await store.read(content, []))).toEqual(bytes);
    await expect(store.read({ sha256, name: 'out.jpg' }, [])).rejects.toThrow('it has none');
  });

  it('opens no path that a name spells', async () => {
    const [mount, outside] = [newFolder(), newFolder()];
    const secret = path.join(outside, 'secret');
    writeFileSync(secret, bytes);
    const store = createContentStore({ cache: newFolder(), mount });
    for (const name of [secret, path.relative(mount, secret), `./${path.relative(mount, secret)}`])
      await expect(store.read({ sha256, name }, [])).rejects.toThrow('it has none');
  });

  it('asks only the hosts that are allowed', async () => {
    const source = await serving((_, response) => response.end(bytes));
    const { host } = new URL(source);
    const read = (hosts: string[]) =>
      createContentStore({ cache: newFolder(), hosts }).read(content, [source]);
    await expect(read(['example.org'])).rejects.toThrow(OptionError);
    expect(Buffer.from(await read([host]))).toEqual(bytes);
    expect(Buffer.from(await read(['127.0.0.1']))).toEqual(bytes);
  });
});

describe('serveContent', () => {
  it('answers GET and HEAD of hashes it has, and nothing else', async () => {
    const file = path.join(newFolder(), 'cat.jpg');
    writeFileSync(file, bytes);
    const gone = 'c'.repeat(64);
    const files = new Map([
      [sha256, file],
      [gone, path.join(newFolder(), 'gone.jpg')],
    ]);
    const server = await serveContent(files, '127.0.0.1', 0);
    const ask = async (route: string, method = 'GET') => {
      const response = await fetch(`http://127.0.0.1:${server.port}${route}`, { method });
      return [response.status, await response.text()];
    };
    expect(await ask(`/${sha256}`)).toEqual([200, 'a photograph']);
    expect(await ask(`/${sha256}`, 'HEAD')).toEqual([200, '']);
    for (const route of [
      '/',
      `/${'d'.repeat(64)}`,
      `/..%2f${sha256}`,
      `/${sha256}/`,
      `/${sha256}?x`,
      '/etc/passwd',
    ])
      expect(await ask(route)).toEqual([404, '']);
    for (const method of ['PUT', 'POST', 'DELETE'])
      expect(await ask(`/${sha256}`, method)).toEqual([404, '']);
    expect(await ask(`/${gone}`)).toEqual([410, '']);
    await expect(serveContent(files, '127.0.0.1', server.port)).rejects.toThrow('expected a free port');
    await server.close();
  });
});
