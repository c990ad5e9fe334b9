import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { zoo } from '../../src/index.ts';
import { proxyFor } from '../../src/node/proxy.ts';
import { isPublicAddress, publicLookup } from '../../src/node/public-address.ts';
import { fetchCheckpoint } from '../../src/node.ts';
import { temporaryCache } from './temporary-cache.ts';

describe('isPublicAddress', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'localhost',
    '',
    '1.2.3',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1', '2a00:1450:4001::1'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

it('publicLookup refuses a name that leads to this machine', async () => {
  const error = await new Promise<Error | null>((resolve) =>
    publicLookup('localhost', {}, (reason) => resolve(reason)),
  );
  expect(error?.message).toMatch(/localhost resolves to .*, which is not a public address/);
});

describe('proxyFor', () => {
  const target = new URL('https://download.pytorch.org/models/x.pth');
  it.each([
    [{ HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    [{ https_proxy: 'proxy:3128' }, 'http://proxy:3128/'],
    [{ ALL_PROXY: 'https://proxy' }, 'https://proxy/'],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'example.com, .pytorch.org' }, undefined],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'download.pytorch.org:443' }, undefined],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'download.pytorch.org:8443,torch.org' }, 'http://proxy/'],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' }, undefined],
    [{ HTTPS_PROXY: '' }, undefined],
    [{}, undefined],
  ])('%j', (env, expected) => {
    expect(proxyFor(target, env)?.href).toBe(expected);
  });

  it('refuses what it cannot speak', () => {
    expect(() => proxyFor(target, { HTTPS_PROXY: 'socks5://proxy' })).toThrow('http:// or https://');
  });
});

describe('a download through a proxy', () => {
  it('asks it for a tunnel to host and port, with the login of its URL, and reports a refusal', async () => {
    const asked: { url: string | undefined; login: string | undefined }[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push({ url: request.url, login: request.headers['proxy-authorization'] });
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const { env } = await temporaryCache();
    const { port } = proxy.address() as AddressInfo;
    const attempt = fetchCheckpoint(zoo.resnet50.checkpoint, {
      env: { ...env, HTTPS_PROXY: `http://me:s%40crt@127.0.0.1:${port}` },
      patience: { attempts: 2, retryDelay: 1, stallTimeout: 3000 },
    });
    const error = await attempt.catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'NETWORK' });
    expect((error as Error).message).toContain('answered CONNECT with status 407');
    expect((error as Error).message).not.toContain('s@crt');
    const login = `Basic ${Buffer.from('me:s@crt').toString('base64')}`;
    expect(asked).toEqual([
      { url: 'download.pytorch.org:443', login },
      { url: 'download.pytorch.org:443', login },
    ]);
  });
});
