import { throwIfAborted } from '@hybridcam/core';
import { Job, Queue } from 'bullmq';
import { contentKey } from '../records/canonical-json.ts';
import { RECORD_VERSION } from '../records/record.ts';
import type { ImageResult, RunFolder } from '../records/run-folder.ts';
import { connectNow, QUEUE_NAME } from './connection.ts';
import type { ShardJob } from './job.ts';

export interface CollectOptions {
  readonly queue: string;
  readonly prefix: string;
  /** Shards that may wait or run at once: back-pressure, so that neither Redis nor this process holds the whole run. */
  readonly inFlight: number;
  readonly signal: AbortSignal;
  readonly onShard: (state: {
    readonly images: number;
    readonly failed: number;
    readonly name: string;
  }) => void;
}

const POLL_MS = 250;
const ATTEMPTS = 5;

/**
 * Submits shards and writes what comes back, until all are done. A shard's id is the hash of its content: submitting again after a crash
 * finds the ones that are there. A result is removed from Redis only after it is on disk, and `folder` drops keys it has.
 */
export async function collectShards(
  shards: Iterable<ShardJob>,
  folder: RunFolder,
  options: CollectOptions,
): Promise<number> {
  const connection = await connectNow(options.queue);
  const queue = new Queue(QUEUE_NAME, { connection, prefix: options.prefix });
  queue.on('error', () => {});
  const waiting = new Map<string, ShardJob>();
  const source = shards[Symbol.iterator]();
  let exhausted = false;
  let failed = 0;
  try {
    for (;;) {
      throwIfAborted(options.signal, 'collect');
      while (!exhausted && waiting.size < options.inFlight) {
        const next = source.next();
        if (next.done) exhausted = true;
        else {
          const id = `s${contentKey(next.value)}`;
          waiting.set(id, next.value);
          await submit(queue, id, next.value);
        }
      }
      if (waiting.size === 0) return failed;
      for (const [id, shard] of [...waiting]) {
        const job = await Job.fromId(queue, id);
        if (!job) {
          // Redis came back without it (no append-only file, or flushed): ask again.
          await submit(queue, id, shard);
          continue;
        }
        const state = await job.getState();
        if (state !== 'completed' && state !== 'failed') continue;
        const results =
          state === 'completed' ? (job.returnvalue as ImageResult[]) : failureRows(shard, job.failedReason);
        await folder.add(...results);
        const lost = results.filter(({ failure }) => failure).length;
        failed += lost;
        waiting.delete(id);
        await job.remove().catch(() => {});
        options.onShard({ images: shard.items.length, failed: lost, name: id });
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    await queue.close().catch(() => {});
    connection.disconnect();
  }
}

async function submit(queue: Queue, id: string, shard: ShardJob): Promise<void> {
  await queue.add('shard', shard, {
    jobId: id,
    attempts: ATTEMPTS,
    backoff: { type: 'exponential', delay: 500 },
  });
}

/** A shard that no worker could do after all attempts: one row per image, so that nothing disappears. */
function failureRows(shard: ShardJob, reason: string): ImageResult[] {
  return shard.items.map((item) => {
    const image = item.kind === 'file' ? item.name : `scene-${String(item.index).padStart(6, '0')}`;
    const key = contentKey([shard.protocolHash, image, 'shard']);
    return {
      records: [],
      curves: [],
      failure: { v: RECORD_VERSION, key, image, error: { code: 'SHARD', message: reason } },
    };
  });
}
