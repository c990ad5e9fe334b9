import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { build, defaultClientConditions, type Rollup } from 'vite';

const executablePath = process.env['HYBRIDCAM_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a Chromium to test in. */
export function hasChromium(): boolean {
  return existsSync(executablePath);
}

const GRAPHICS = {
  /** WebGL and WebGPU on the processor: correct, slow, and the same on every machine. */
  software: [
    '--enable-unsafe-swiftshader',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--ignore-gpu-blocklist',
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--enable-features=Vulkan',
  ],
  usual: ['--disable-gpu'],
  none: ['--disable-gpu', '--disable-software-rasterizer'],
} as const;

export type Graphics = keyof typeof GRAPHICS;

/** A headless Chromium that asks nobody anything. */
export function launchChromium(
  graphics: Graphics = 'software',
  flags: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      ...GRAPHICS[graphics],
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  });
}

export interface PageBuild {
  /** Default true. */
  readonly minify?: boolean;
  /** `es`: a module script, where a dependency asks for its own address. Default `iife`. */
  readonly format?: 'iife' | 'es';
}

/** A production build of a page's script: minified unless told otherwise, tree-shaken, `sideEffects` of every package obeyed. */
export async function buildPage(
  entry: string,
  { minify = true, format = 'iife' }: PageBuild = {},
): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@hybridcam/source', ...defaultClientConditions] },
    build: {
      write: false,
      minify,
      target: 'esnext',
      rollupOptions: {
        input: entry,
        output: { format, codeSplitting: false, ...(format === 'iife' ? { name: 'page' } : {}) } as never,
      },
    },
  })) as Rollup.RollupOutput;
  const chunks = built.output.filter((output) => output.type === 'chunk');
  if (chunks.length !== 1) throw new Error(`buildPage: expected one chunk; received ${chunks.length}.`);
  return chunks[0]!.code;
}

export interface ServedPage {
  readonly server: Server;
  readonly url: string;
}

/** Serves a page's script, and folders under `/name/`; cross-origin isolated where wasm shall use threads. */
export async function servePage(
  script: string,
  folders: Readonly<Record<string, string>>,
  isolated = false,
): Promise<ServedPage> {
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    }
    const [, name = '', file = ''] = request.url!.split('/');
    if (name === '')
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script type="module" src="/page.js"></script>');
    else if (name === 'page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else {
      try {
        response
          .setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream')
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

const TYPES: Readonly<Record<string, string>> = { '.wasm': 'application/wasm', '.mjs': 'text/javascript' };
