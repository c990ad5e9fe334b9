import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CamError } from '@hybridcam/core';

export interface ContentServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the files of one run by their hashes, read-only: `GET /HASH` and nothing else. Only hashes in `files` exist; no path from the
 * outside is ever opened.
 */
export async function serveContent(
  files: ReadonlyMap<string, string>,
  host: string,
  port: number,
): Promise<ContentServer> {
  const server = createServer((request, response) => {
    const hash = /^\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
    const path =
      hash && (request.method === 'GET' || request.method === 'HEAD') ? files.get(hash) : undefined;
    if (!path) {
      response.writeHead(404).end();
      return;
    }
    stat(path).then(
      ({ size }) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
        if (request.method === 'HEAD') response.end();
        else
          createReadStream(path)
            .on('error', () => response.destroy())
            .pipe(response);
      },
      () => response.writeHead(410).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new CamError('IO', `--serve: expected a free port of this machine; ${cause.message}.`, { cause }),
      ),
    );
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
