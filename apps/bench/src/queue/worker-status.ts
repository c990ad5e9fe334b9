import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CamError } from '@hybridcam/core';

export interface WorkerStatus {
  readonly port: number;
  close(): void;
}

/**
 * Serves `/healthz` (200 while Redis answers, else 503) and `/metrics` on all interfaces, which is where probes come from.
 * @throws CamError IO when the port cannot be had
 */
export async function serveWorkerStatus(
  port: number,
  connected: () => boolean,
  metrics: () => string,
): Promise<WorkerStatus> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz') {
      const up = connected();
      response.writeHead(up ? 200 : 503, { 'content-type': 'text/plain' }).end(up ? 'ok\n' : 'no redis\n');
    } else if (request.url === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics());
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new CamError('IO', `--http: expected a free port; ${cause.message}.`, { cause })),
    );
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
