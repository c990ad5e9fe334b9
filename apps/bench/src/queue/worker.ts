import { createServer, type Server } from 'node:http';
import { OptionError } from '@hybridcam/core';
import { UnrecoverableError, Worker } from 'bullmq';
import type { LoadedModel } from 'hybridcam';
import type { ImageResult } from '../records/run-folder.ts';
import { connectNow, QUEUE_NAME } from './connection.ts';
import { createContentCache } from './content-cache.ts';
import { processJob } from './process-job.ts';

export interface WorkerOptions {
  readonly queue: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly cache: string;
  /** Port of /healthz and /metrics; undefined: none. */
  readonly httpPort: number | undefined;
  readonly log: (event: WorkerEvent) => void;
  readonly signal: AbortSignal;
}

export interface WorkerEvent {
  readonly event: 'ready' | 'started' | 'finished' | 'failed' | 'stalled' | 'redis' | 'stopping' | 'stopped';
  readonly job?: string;
  readonly images?: number;
  readonly ms?: number;
  readonly reason?: string;
}

/** Runs until `signal` fires; then finishes the shards in hand and leaves the rest to others. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const counts = { shards: 0, images: 0, failedShards: 0, failedImages: 0, seconds: 0 };
  const context = {
    cache: createContentCache(options.cache),
    models: new Map<string, Promise<LoadedModel>>(),
    // A shard in hand is finished, not torn: the worker's own stop does not reach it.
    signal: new AbortController().signal,
  };
  const connection = await connectNow(options.queue);
  const worker = new Worker<unknown, ImageResult[]>(
    QUEUE_NAME,
    async (job) => {
      const started = performance.now();
      options.log({ event: 'started', job: job.id ?? '' });
      try {
        const results = await processJob(job.data, context);
        counts.shards++;
        counts.images += results.length;
        counts.failedImages += results.filter(({ failure }) => failure).length;
        options.log({
          event: 'finished',
          job: job.id ?? '',
          images: results.length,
          ms: Math.round(performance.now() - started),
        });
        return results;
      } catch (error) {
        // A payload that is wrong stays wrong; only what may pass (network, disk) is tried again.
        if (error instanceof OptionError) throw new UnrecoverableError(error.message);
        throw error;
      } finally {
        counts.seconds += (performance.now() - started) / 1000;
      }
    },
    {
      connection,
      prefix: options.prefix,
      concurrency: options.concurrency,
      // The lock is renewed while the worker lives; when it dies, its shard is free again after this long.
      lockDuration: 20_000,
      stalledInterval: 5_000,
      // A killed worker is no fault of the shard's; a shard that kills its workers is given up in the end.
      maxStalledCount: 20,
    },
  );
  worker.on('failed', (job, error) => {
    counts.failedShards++;
    options.log({ event: 'failed', job: job?.id ?? '', reason: error.message });
  });
  worker.on('stalled', (job) => options.log({ event: 'stalled', job }));
  worker.on('error', (error) => options.log({ event: 'redis', reason: error.message }));
  const status =
    options.httpPort === undefined
      ? undefined
      : await serveStatus(options.httpPort, () => connection.status === 'ready', counts);
  await worker.waitUntilReady();
  options.log({ event: 'ready' });
  await new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    else options.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  options.log({ event: 'stopping' });
  await worker.close();
  connection.disconnect();
  status?.close();
  for (const model of context.models.values()) await model.then((loaded) => loaded.dispose()).catch(() => {});
  options.log({ event: 'stopped' });
}

async function serveStatus(
  port: number,
  ready: () => boolean,
  counts: Readonly<Record<string, number>>,
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz')
      response.writeHead(ready() ? 200 : 503).end(ready() ? 'ok\n' : 'no redis\n');
    else if (request.url === '/metrics')
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(prometheus(counts));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve));
  return server;
}

function prometheus(counts: Readonly<Record<string, number>>): string {
  const names: Record<string, string> = {
    shards: 'hybridcam_worker_shards_total',
    images: 'hybridcam_worker_images_total',
    failedShards: 'hybridcam_worker_failed_shards_total',
    failedImages: 'hybridcam_worker_failed_images_total',
    seconds: 'hybridcam_worker_busy_seconds_total',
  };
  return Object.entries(names)
    .map(([key, name]) => `# TYPE ${name} counter\n${name} ${counts[key]}\n`)
    .join('');
}
