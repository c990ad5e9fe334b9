// A static server for the built page: `node serve.mjs [--port N]` serves dist/ and prints the address. Any other static host does as
// well; the headers are what a host should send.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Best first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

/** The policy that the built page sets for itself, as a header: workers take theirs from the header of their own file. */
function contentSecurityPolicy(root) {
  const html = readFileSync(path.join(root, 'index.html'), 'utf8');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  if (!policy)
    throw new Error(`serve: expected a Content-Security-Policy in ${root}/index.html; found none.`);
  return `${policy}; frame-ancestors 'none'`;
}

/**
 * Serves a folder on the loopback address.
 * @param {string} folder
 * @param {{ port?: number, isolated?: boolean }} [options] `isolated`: send the headers that allow threads. Default: true
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serve(folder, { port = 0, isolated = true } = {}) {
  const root = path.resolve(folder);
  const policy = contentSecurityPolicy(root);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const wanted = path.join(root, decodeURIComponent(pathname));
    const file = wanted.endsWith(path.sep) ? path.join(wanted, 'index.html') : wanted;
    if (!`${file}`.startsWith(root + path.sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('Not found.\n');
      return;
    }
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const encoding = encodings.find(
      ([name, extension]) => new RegExp(`\\b${name}\\b`).test(accepted) && existsSync(file + extension),
    );
    const sent = encoding ? file + encoding[1] : file;
    response.writeHead(200, {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream',
      'content-length': statSync(sent).size,
      ...(encoding ? { 'content-encoding': encoding[0] } : {}),
      vary: 'accept-encoding',
      'cache-control': pathname.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...(isolated
        ? {
            'cross-origin-opener-policy': 'same-origin',
            'cross-origin-embedder-policy': 'require-corp',
            'cross-origin-resource-policy': 'same-origin',
          }
        : {}),
    });
    createReadStream(sent).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://localhost:${actualPort}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve(undefined));
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--port');
  const { url } = await serve(path.join(import.meta.dirname, 'dist'), {
    port: at < 0 ? 4173 : Number(process.argv[at + 1]),
  });
  console.log(`The demo is at ${url}  (Ctrl-C ends it)`);
}
