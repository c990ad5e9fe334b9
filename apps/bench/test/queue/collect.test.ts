import path from 'node:path';
import { AbortedError, UnsupportedError } from '@hybridcam/core';
import { UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CollectProgress, collectShards } from '../../src/queue/collect.ts';
import { DEFAULT_PREFIX, openQueue, QUEUE_NAME } from '../../src/queue/connection.ts';
import { JOB_VERSION, type ShardJob } from '../../src/queue/job.ts';
import { packResults } from '../../src/queue/result.ts';
import type { Shard } from '../../src/queue/shards-of-plan.ts';
import { readFailures } from '../../src/records/read-records.ts';
import type { ImageResult, RunFolder } from '../../src/records/run-folder.ts';
import { openRunFolder } from '../../src/records/run-folder.ts';
import { toyRun } from '../toy-run.ts';
import { newFolder, until } from './bench-process.ts';
import { recordKeys } from './chaos.ts';
import { redisServer, startRedis, type TestRedis } from './redis.ts';

const identity = { method: 'grad-cam', params: {}, layer: 'l', metric: 'insertion', preset: 'rise' };

/** `count` shards of `size` images, of which the results are one record each. */
async function* shards(count: number, size = 1): AsyncGenerator<Shard> {
  for (let i = 0; i < count; i++) {
    const indices = Array.from({ length: size }, (_, k) => i * size + k);
    yield {
      job: {
        version: JOB_VERSION,
        protocolHash: 'p',
        sources: [],
        model: { kind: 'named', name: 'scenes' },
        labels: null,
        flags: {},
        items: indices.map((index) => ({ kind: 'scene', index })),
        pictures: false,
      },
      images: indices.map((index) => ({
        name: `scene-${index}`,
        sha256: String(index),
        records: () => new Map([[`key-${index}`, identity]]),
      })),
    };
  }
}

const resultOf = (index: number): ImageResult => ({
  records: [
    {
      v: 1,
      key: `key-${index}`,
      image: `scene-${index}`,
      sha256: String(index),
      class: 0,
      p: 1,
      ...identity,
      value: index,
      flags: [],
    },
  ],
  curves: [],
});
const sceneIndices = (job: ShardJob) =>
  job.items.flatMap((item) => (item.kind === 'scene' ? [item.index] : []));

describe.skipIf(!redisServer)('collectShards (needs redis-server)', () => {
  let redis: TestRedis;
  let connection: Redis;
  const workers = new Set<Worker>();

  beforeAll(async () => {
    redis = await startRedis();
    connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    connection.on('error', () => {});
  });
  afterEach(async () => {
    for (const worker of workers) await worker.close(true);
    workers.clear();
    await connection.flushall();
  });
  afterAll(async () => {
    connection.disconnect();
    await redis?.stop();
  });

  /** A worker that does no arithmetic: what it returns goes into the queue as it is. */
  function fakeWorker(process: (indices: readonly number[]) => Promise<unknown>): void {
    const worker = new Worker<ShardJob>(QUEUE_NAME, (job) => process(sceneIndices(job.data)), {
      connection,
      prefix: DEFAULT_PREFIX,
    });
    worker.on('error', () => {});
    workers.add(worker);
  }

  async function collecting(
    source: AsyncIterable<Shard>,
    options: { inFlight?: number; signal?: AbortSignal; onProgress?: (state: CollectProgress) => void } = {},
  ): Promise<RunFolder> {
    const folder = await openRunFolder(path.join(newFolder(), 'run'), toyRun, false);
    try {
      await collectShards(source, folder, {
        queue: redis.url,
        prefix: DEFAULT_PREFIX,
        inFlight: options.inFlight ?? 8,
        signal: options.signal ?? new AbortController().signal,
        onProgress: options.onProgress ?? (() => {}),
      });
    } finally {
      await folder.close();
    }
    return folder;
  }

  it('writes every record once, and leaves nothing in Redis', async () => {
    fakeWorker((indices) => packResults(indices.map(resultOf)));
    const folder = await collecting(shards(50, 2));
    const keys = recordKeys(folder.path);
    expect(keys).toHaveLength(100);
    expect(new Set(keys).size).toBe(100);
    expect(await openQueue(connection, DEFAULT_PREFIX).getJobCountByTypes()).toBe(0);
  });

  it('never has more shards on the queue than it may, however slow the workers are', async () => {
    const queue = openQueue(connection, DEFAULT_PREFIX);
    let drawn = 0;
    let collected = 0;
    let most = 0;
    async function* counted() {
      for await (const shard of shards(30)) {
        drawn++;
        most = Math.max(most, drawn - collected);
        yield shard;
      }
    }
    let waitingMost = 0;
    fakeWorker(async (indices) => {
      waitingMost = Math.max(waitingMost, await queue.getJobCountByTypes());
      return packResults(indices.map(resultOf));
    });
    await collecting(counted(), { inFlight: 4, onProgress: ({ images }) => (collected += images) });
    // The one drawn is counted before its place is free in our own count.
    expect(most).toBeLessThanOrEqual(5);
    expect(waitingMost).toBeLessThanOrEqual(4);
    expect(waitingMost).toBeGreaterThan(1);
  });

  it('tries a shard that failed image by image: one image costs no other', async () => {
    fakeWorker(async (indices) => {
      if (indices.includes(5)) throw new UnrecoverableError('IO: the disk is full');
      return packResults(indices.map(resultOf));
    });
    const states: CollectProgress[] = [];
    const folder = await collecting(shards(3, 4), { onProgress: (state) => states.push(state) });
    expect(recordKeys(folder.path)).toHaveLength(11);
    expect(await readFailures(folder.path, [])).toMatchObject([
      { image: 'scene-5', error: { code: 'IO', message: 'the disk is full' } },
    ]);
    expect(states.reduce((sum, { images }) => sum + images, 0)).toBe(12);
    expect(states.reduce((sum, { failed }) => sum + failed, 0)).toBe(1);
  });

  it('makes a row of an image whose workers died, saying so', async () => {
    fakeWorker(async () => {
      throw new UnrecoverableError('job stalled more than allowable limit');
    });
    const folder = await collecting(shards(1));
    expect(await readFailures(folder.path, [])).toMatchObject([{ error: { code: 'WORKER_DIED' } }]);
  });

  it.each(['UNSUPPORTED: expected a job of version 3', 'OPTION: expected a job of ours'])(
    'ends the run when no worker fits it (%s)',
    async (reason) => {
      fakeWorker(async () => {
        throw new UnrecoverableError(reason);
      });
      await expect(collecting(shards(3))).rejects.toThrow(UnsupportedError);
    },
  );

  it('writes nothing of results that are forged', async () => {
    const forged: unknown[] = [
      null,
      'hello',
      { records: [] },
      await packResults([]),
      await packResults([resultOf(999)]),
      await packResults([{ ...resultOf(5), records: [...resultOf(5).records, ...resultOf(6).records] }]),
    ];
    fakeWorker(async ([index]) => forged[index!]);
    const folder = await collecting(shards(forged.length));
    expect(recordKeys(folder.path)).toEqual([]);
    const failures = await readFailures(folder.path, []);
    expect(failures.map(({ error }) => error.code)).toEqual(forged.map(() => 'INTEGRITY'));
  });

  it('submits again what Redis forgot', async () => {
    let asked = 0;
    let counted = false;
    fakeWorker(async (indices) => {
      if (asked++ === 3) {
        // After the first count, so that it is the next one that misses them.
        await until('a count', () => counted);
        await connection.flushall();
      }
      return packResults(indices.map(resultOf));
    });
    const folder = await collecting(shards(20), {
      onProgress: () => {
        counted = true;
      },
    });
    expect(new Set(recordKeys(folder.path)).size).toBe(20);
  }, 600_000);

  it('finds the shards of a submitter that died, and what became of them', async () => {
    const dead = new AbortController();
    const first = collecting(shards(6), { signal: dead.signal });
    const rejected = expect(first).rejects.toThrow(AbortedError);
    const queue = openQueue(connection, DEFAULT_PREFIX);
    await until('six shards', async () => (await queue.getWaitingCount()) === 6);
    dead.abort();
    await rejected;
    let asked = 0;
    fakeWorker((indices) => {
      asked++;
      return packResults(indices.map(resultOf));
    });
    await until('six results', async () => (await queue.getCompletedCount()) === 6);
    const folder = await collecting(shards(6));
    expect(recordKeys(folder.path)).toHaveLength(6);
    expect(asked).toBe(6);
  });

  it('stops at once when asked to, though Redis is away', async () => {
    const interrupt = new AbortController();
    const states: CollectProgress[] = [];
    const run = collecting(shards(3), {
      signal: interrupt.signal,
      onProgress: (state) => states.push(state),
    });
    const rejected = expect(run).rejects.toThrow('--resume collects them');
    await until('the shards are on the queue', () => states.length > 0);
    await redis.stop();
    await until('the loss is reported', () => states.some(({ connected }) => !connected));
    interrupt.abort();
    await rejected;
    await redis.restart();
  });
});
