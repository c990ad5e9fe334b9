import { Job, type Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { contentKey } from '../records/canonical-json.ts';
import type { ImageResult } from '../records/run-folder.ts';
import { connectNow, openQueue } from './connection.ts';
import { RESULT_LIMIT, unpackResults } from './result.ts';
import { failureText, parseFailure, type ShardFailure } from './shard-failure.ts';
import type { Shard } from './shards-of-plan.ts';

/** Shards on a queue, as a submitter sees them. Everything waits while Redis is away, and goes on where it was. */
export interface ShardQueue {
  /** Puts a shard on the queue; one that is there already keeps its place and learns where the content is now. */
  submit(id: string, shard: Shard): Promise<void>;
  /** Those of `ids` that are done, one way or the other: two commands, however many wait. */
  finished(ids: ReadonlyMap<string, unknown>): Promise<string[]>;
  /** Those of `ids` that Redis does not know: it came back empty, or somebody drained the queue. */
  lost(ids: ReadonlyMap<string, unknown>): Promise<string[]>;
  /** What became of a finished shard, checked; undefined when Redis lost it just now. */
  outcome(id: string, shard: Shard): Promise<readonly ImageResult[] | ShardFailure | undefined>;
  remove(id: string): Promise<void>;
  workers(): Promise<number>;
  readonly connected: boolean;
  /** Calls back whenever `connected` changes. */
  onConnection(listener: () => void): void;
  close(): Promise<void>;
}

/** With a backoff from 1 s, doubled each time: two minutes without a network pass. */
const ATTEMPTS = 8;
/** Results that nobody collects for so long are forgotten. */
const KEPT_SECONDS = 7 * 24 * 3600;

/** @throws what `connectNow` throws */
export async function openShardQueue(address: string, prefix: string): Promise<ShardQueue> {
  const connection = await connectNow(address);
  const queue = openQueue(connection, prefix);
  let closed = false;
  return {
    submit: (id, shard) => submit(queue, id, shard),
    async finished(ids) {
      const states = ['completed', 'failed'];
      const found = await Promise.all(states.map((state) => connection.zrange(queue.toKey(state), 0, -1)));
      return found.flat().filter((id) => ids.has(id));
    },
    async lost(ids) {
      const all = [...ids.keys()];
      const known = await Promise.all(all.map((id) => connection.exists(queue.toKey(id))));
      return all.filter((_, i) => known[i] === 0);
    },
    outcome: (id, shard) => outcome(queue, connection, id, shard),
    remove: async (id) => void (await queue.remove(id)),
    workers: () => queue.getWorkersCount(),
    get connected() {
      return connection.status === 'ready';
    },
    onConnection(listener) {
      const changed = () => {
        if (!closed) listener();
      };
      connection.on('close', changed).on('ready', changed);
    },
    async close() {
      closed = true;
      // Commands wait for a Redis that is away; whoever closes does not.
      connection.disconnect();
      await queue.close().catch(() => {});
    },
  };
}

/** The hash of what is asked: where the content lies, and whether pictures are wanted, may change from one submitter to the next. */
export function shardId({ job: { version, protocolHash, model, flags, labels, items } }: Shard): string {
  const weights =
    model.kind === 'named'
      ? model.name
      : [model.sha256, ...model.external.map(({ name, sha256 }) => [name, sha256])];
  const asked = items.map((item) => (item.kind === 'file' ? { ...item, url: undefined } : item));
  return `s${contentKey([version, protocolHash, weights, flags, labels?.sha256, asked])}`;
}

async function submit(queue: Queue, id: string, { job }: Shard): Promise<void> {
  const known = await Job.fromId(queue, id);
  if (known && (await known.getState()) === 'failed') await known.remove();
  else if (known) await known.updateData(job);
  await queue.add('shard', job, {
    jobId: id,
    attempts: ATTEMPTS,
    backoff: { type: 'exponential', delay: 1000 },
    removeOnComplete: { age: KEPT_SECONDS },
    removeOnFail: { age: KEPT_SECONDS },
  });
}

async function outcome(
  queue: Queue,
  connection: Redis,
  id: string,
  { images }: Shard,
): Promise<ImageResult[] | ShardFailure | undefined> {
  // Anything longer than the largest result in base64 is not even read.
  if ((await connection.hstrlen(queue.toKey(id), 'returnvalue')) > 2 * RESULT_LIMIT)
    return { code: 'INTEGRITY', message: 'its result is larger than any of ours' };
  const job = await Job.fromId(queue, id);
  if (!job) return undefined;
  if ((await job.getState()) === 'failed') return parseFailure(job.failedReason);
  try {
    return await unpackResults(job.returnvalue, images);
  } catch (error) {
    return parseFailure(failureText(error));
  }
}
