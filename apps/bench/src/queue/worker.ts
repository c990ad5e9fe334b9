import { setTimeout as wait } from 'node:timers/promises';
import { OptionError } from '@hybridcam/core';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { LoadedModel } from 'hybridcam';
import type { Redis } from 'ioredis';
import { checkPlaces } from './check-places.ts';
import { connectNow, QUEUE_NAME } from './connection.ts';
import { type ContentStoreOptions, createContentStore } from './content-store.ts';
import { type JobContext, processJob } from './process-job.ts';
import { packResults } from './result.ts';
import { concernsTheRun, failureText, parseFailure } from './shard-failure.ts';
import { createTurns } from './turns.ts';
import { prometheusText, type WorkerCounts } from './worker-counts.ts';
import { serveWorkerStatus } from './worker-status.ts';

export interface WorkerOptions {
  readonly queue: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly content: ContentStoreOptions;
  /** Port of /healthz and /metrics, 0 for any; undefined: none. */
  readonly httpPort: number | undefined;
  readonly log: (event: WorkerEvent) => void;
  readonly signal: AbortSignal;
}

export interface WorkerEvent {
  readonly event:
    | 'ready'
    | 'started'
    | 'finished'
    | 'failed'
    | 'refused'
    | 'stalled'
    | 'redis'
    | 'stopping'
    | 'stopped';
  readonly job?: string;
  readonly images?: number;
  readonly ms?: number;
  /** Of `ms`, spent in the code that `run` runs too. */
  readonly evaluationMs?: number;
  readonly reason?: string;
  readonly port?: number;
}

/** After a shard it could not do a worker rests, longer each time: one that is sick, or of another version, must not empty the queue. */
const REST_MS = { first: 1000, most: 15_000 } as const;
/** How long a shard stays away that came while a suspect one was in hand. */
const HANDED_BACK_MS = 2000;

/**
 * Runs until `signal` fires; then finishes the shards in hand and leaves the rest to others.
 * @throws what `checkPlaces`, `connectNow` and `serveWorkerStatus` throw
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { log, signal } = options;
  await checkPlaces(options.content.cache, options.content.mount);
  const counts = {
    shards: 0,
    images: 0,
    failedShards: 0,
    refusedShards: 0,
    failedImages: 0,
    busySeconds: 0,
    evaluationSeconds: 0,
  } satisfies { -readonly [key in keyof WorkerCounts]: number };
  const context: JobContext = {
    content: createContentStore(options.content),
    models: new Map<string, Promise<LoadedModel>>(),
    // A shard in hand is finished, not torn: the worker's own stop does not reach it.
    signal: new AbortController().signal,
  };
  const connection = await connectNow(options.queue);
  const connected = () => connection.status === 'ready';
  try {
    const status =
      options.httpPort === undefined
        ? undefined
        : await serveWorkerStatus(options.httpPort, connected, () => prometheusText(counts, connected()));
    let failuresInARow = 0;
    const worker = startWorker(connection, options, async (id, payload) => {
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1000;
      log({ event: 'started', job: id });
      try {
        const { results, evaluationMs } = await processJob(payload, context);
        counts.evaluationSeconds += evaluationMs / 1000;
        const packed = await packResults(results);
        failuresInARow = 0;
        counts.shards++;
        counts.images += results.length;
        counts.failedImages += results.filter(({ failure }) => failure).length;
        counts.busySeconds += seconds();
        const ms = Math.round(1000 * seconds());
        log({
          event: 'finished',
          job: id,
          images: results.length,
          ms,
          evaluationMs: Math.round(evaluationMs),
        });
        return packed;
      } catch (error) {
        const text = failureText(error);
        const refused = concernsTheRun(parseFailure(text));
        counts.failedShards++;
        counts.busySeconds += seconds();
        if (refused) counts.refusedShards++;
        log({ event: refused ? 'refused' : 'failed', job: id, reason: text });
        // A payload that is wrong stays wrong; only what may pass, or fit another worker, is tried again.
        if (error instanceof OptionError) throw new UnrecoverableError(text);
        const rest = Math.min(REST_MS.most, REST_MS.first * 2 ** failuresInARow++);
        await wait(rest, undefined, { signal }).catch(() => {});
        throw new Error(text);
      }
    });
    await worker.waitUntilReady();
    log({ event: 'ready', ...(status ? { port: status.port } : {}) });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    log({ event: 'stopping' });
    // A Redis that is away can be told nothing: its shards are done again when their locks end.
    await worker.close(!connected());
    status?.close();
  } finally {
    connection.disconnect();
    for (const model of context.models.values())
      await model.then((loaded) => loaded.dispose()).catch(() => {});
  }
  log({ event: 'stopped' });
}

function startWorker(
  connection: Redis,
  { prefix, concurrency, log, signal }: WorkerOptions,
  process: (id: string, payload: unknown) => Promise<string>,
): Worker<unknown, string> {
  const turns = createTurns();
  const work = (job: Job<unknown, string>, token?: string) =>
    turns.take(job.stalledCounter > 0, () => process(job.id ?? '', job.data)) ?? handBack(job, token, signal);
  const worker = new Worker<unknown, string>(QUEUE_NAME, work, {
    connection,
    prefix,
    concurrency,
    // The lock is renewed while the worker lives; when it dies, its shard is free again after this long.
    lockDuration: 20_000,
    stalledInterval: 5_000,
    // A killed worker is no fault of the shard's; a shard that kills its workers must not kill them all.
    maxStalledCount: 3,
  });
  worker.on('stalled', (job) => log({ event: 'stalled', job }));
  // Once per trouble, not once per attempt to end it.
  let known = '';
  connection.on('ready', () => {
    known = '';
  });
  worker.on('error', ({ message }) => {
    if (message !== known) log({ event: 'redis', reason: message });
    known = message;
  });
  return worker;
}

/** Onto the queue again, as if it had not been taken. The wait keeps this worker from asking for the next one meanwhile. */
async function handBack(
  job: Job<unknown, string>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<never> {
  await job.moveToDelayed(Date.now() + HANDED_BACK_MS, token);
  await wait(HANDED_BACK_MS, undefined, { signal }).catch(() => {});
  throw new DelayedError();
}
