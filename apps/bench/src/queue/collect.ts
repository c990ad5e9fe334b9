import { AbortedError, throwIfAborted, UnsupportedError } from '@hybridcam/core';
import { contentKey } from '../records/canonical-json.ts';
import { RECORD_VERSION } from '../records/record.ts';
import type { ImageResult, RunFolder } from '../records/run-folder.ts';
import { concernsTheRun, type ShardFailure } from './shard-failure.ts';
import { openShardQueue, type ShardQueue, shardId } from './shard-queue.ts';
import type { Shard } from './shards-of-plan.ts';

export interface CollectOptions {
  readonly queue: string;
  readonly prefix: string;
  /** Shards that may wait or run at once, two for each worker if that is more: back-pressure, so that neither Redis nor this process holds the whole run. */
  readonly inFlight: number;
  readonly signal: AbortSignal;
  readonly onProgress: (state: CollectProgress) => void;
}

export interface CollectProgress {
  /** Images that came back since the last call. */
  readonly images: number;
  readonly failed: number;
  /** On the queue, whoever submitted what they do. */
  readonly workers: number;
  /** false while Redis does not answer: nothing is lost, everything waits. */
  readonly connected: boolean;
}

const POLL_MS = 250;
/** Results read, checked and written at once: bounds memory, and spares the disk a flush per shard. */
const BATCH = 32;
/** How often to look whether Redis still knows every shard, and how many workers there are. */
const RECOUNT_MS = 5000;

/**
 * Submits shards and writes what comes back, until all are done. A shard's id is the hash of what it asks: submitting again after a crash
 * finds the ones that are there. A result is removed from Redis only after it is on disk, and `folder` drops keys it has. A shard that
 * failed is tried again image by image, so that one image costs no other.
 * @throws UnsupportedError when no worker fits the submitter; AbortedError; what `openShardQueue` and `folder` throw
 */
export async function collectShards(
  shards: AsyncIterable<Shard>,
  folder: RunFolder,
  options: CollectOptions,
): Promise<void> {
  const queue = await openShardQueue(options.queue, options.prefix);
  const end = () => void queue.close();
  options.signal.addEventListener('abort', end, { once: true });
  try {
    await collect(queue, shards, folder, options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    throw new AbortedError(
      'run: stopped. Workers go on with the shards that are on the queue: --resume collects them, hybridcam-bench queue drain drops them.',
      { cause: options.signal.reason },
    );
  } finally {
    options.signal.removeEventListener('abort', end);
    await queue.close();
  }
}

async function collect(
  queue: ShardQueue,
  shards: AsyncIterable<Shard>,
  folder: RunFolder,
  { inFlight, signal, onProgress }: CollectOptions,
): Promise<void> {
  const source = shards[Symbol.asyncIterator]();
  const waiting = new Map<string, Shard>();
  const send = async (shard: Shard): Promise<void> => {
    const id = shardId(shard);
    waiting.set(id, shard);
    await queue.submit(id, shard);
  };
  let exhausted = false;
  let workers = 0;
  let counted = Number.NEGATIVE_INFINITY;
  const report = (results: readonly ImageResult[]) =>
    onProgress({
      images: results.length,
      failed: results.filter(({ failure }) => failure).length,
      workers,
      connected: queue.connected,
    });
  queue.onConnection(() => report([]));
  for (;;) {
    throwIfAborted(signal, 'run');
    while (!exhausted && waiting.size < Math.max(inFlight, 2 * workers)) {
      const next = await source.next();
      if (next.done) exhausted = true;
      else await send(next.value);
    }
    if (waiting.size === 0) return;
    if (performance.now() - counted > RECOUNT_MS) {
      for (const id of await queue.lost(waiting)) await queue.submit(id, waiting.get(id)!);
      workers = await queue.workers();
      counted = performance.now();
      report([]);
    }
    const settled: string[] = [];
    const results: ImageResult[] = [];
    for (const id of (await queue.finished(waiting)).slice(0, BATCH)) {
      const shard = waiting.get(id)!;
      const outcome = await queue.outcome(id, shard);
      // It is submitted again at the next count.
      if (outcome === undefined) continue;
      settled.push(id);
      if (!('code' in outcome)) results.push(...outcome);
      else if (concernsTheRun(outcome)) throw unfit(outcome);
      else if (shard.images.length === 1) results.push(failureRow(shard, outcome));
      else for (const single of oneByOne(shard)) await send(single);
    }
    await folder.add(...results);
    for (const id of settled) {
      waiting.delete(id);
      await queue.remove(id);
    }
    if (results.length > 0) {
      // A worker that brings something must not be counted later than what it brings.
      if (workers === 0) workers = await queue.workers();
      report(results);
    }
    if (settled.length < BATCH) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function oneByOne({ job, images }: Shard): Shard[] {
  return images.map((image, i) => ({ job: { ...job, items: [job.items[i]!] }, images: [image] }));
}

/** An image that no worker could do after all attempts: a row, so that nothing disappears. */
function failureRow({ job, images }: Shard, error: ShardFailure): ImageResult {
  const [image] = images;
  const key = contentKey([job.protocolHash, image!.sha256, 'failure']);
  return { records: [], curves: [], failure: { v: RECORD_VERSION, key, image: image!.name, error } };
}

function unfit({ message }: ShardFailure): UnsupportedError {
  return new UnsupportedError(
    `run: no worker does these shards: ${message} What was done is kept: continue with --resume and workers of this version.`,
  );
}
