import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build, defaultClientConditions, type Rollup } from 'vite';

/** A production build of the page: minified unless told otherwise, tree-shaken, `sideEffects` of every package obeyed. */
export async function buildPage(entry: string, minify = true): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@hybridcam/source', ...defaultClientConditions] },
    build: {
      write: false,
      minify,
      rollupOptions: {
        input: entry,
        output: { format: 'iife', codeSplitting: false, name: 'page' } as never,
      },
    },
  })) as Rollup.RollupOutput;
  const chunks = built.output.filter((output) => output.type === 'chunk');
  if (chunks.length !== 1) throw new Error(`buildPage: expected one chunk; received ${chunks.length}.`);
  return chunks[0]!.code;
}

/** Serves the page, and folders under `/name/`; cross-origin isolated where wasm shall use threads. */
export async function servePage(
  script: string,
  folders: Readonly<Record<string, string>>,
  isolated = false,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    }
    const [, name = '', file = ''] = request.url!.split('/');
    if (name === '')
      response.setHeader('content-type', 'text/html').end('<!doctype html><script src="/page.js"></script>');
    else if (name === 'page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else {
      try {
        const type = file.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
        response
          .setHeader('content-type', type)
          .end(readFileSync(path.join(folders[name]!, path.basename(file))));
      } catch {
        response.writeHead(404).end();
      }
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
