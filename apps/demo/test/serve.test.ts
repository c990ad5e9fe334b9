import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../serve.mjs';

describe('serve', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-serve-'));
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
    write('index.html', `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`);
    for (const name of ['both.js', 'both.js.br', 'both.js.gz', 'zipped.js', 'zipped.js.gz', 'plain.js'])
      write(name, name);
    server = await serve(folder);
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** As sent: neither decoded nor normalised. */
  const get = (
    target: string,
    encodings: string,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const sent = request(
        { hostname, port, path: target, headers: { 'accept-encoding': encodings } },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            body += part;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          );
        },
      );
      sent.on('error', reject).end();
    });

  test.each([
    ['both.js', 'gzip, deflate, br', 'br', 'both.js.br'],
    ['both.js', 'gzip', 'gzip', 'both.js.gz'],
    ['zipped.js', 'br, gzip', 'gzip', 'zipped.js.gz'],
    ['plain.js', 'br, gzip', undefined, 'plain.js'],
    ['both.js', '', undefined, 'both.js'],
  ])('%s to who takes “%s” is sent as %s', async (name, accepted, encoding, body) => {
    const answer = await get(`/${name}`, accepted);
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['vary']).toBe('accept-encoding');
    expect(answer.body).toBe(body);
  });

  test('sends the page’s own policy with every file, since workers take theirs from there', async () => {
    const { headers } = await get('/plain.js', '');
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  test('serves nothing from outside its folder', async () => {
    expect((await get('/../package.json', '')).status).toBe(404);
    expect((await get('/%2e%2e/package.json', '')).status).toBe(404);
    expect((await get('/missing.js', '')).status).toBe(404);
  });
});
