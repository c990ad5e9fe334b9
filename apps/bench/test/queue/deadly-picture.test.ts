import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PREFIX, openQueue } from '../../src/queue/connection.ts';
import { readFailures } from '../../src/records/read-records.ts';
import { benchProcesses, built, newFolder } from './bench-process.ts';
import { recordKeys } from './chaos.ts';
import { flagsFor, photographs } from './photographs.ts';
import { redisServer, startRedis, type TestRedis } from './redis.ts';

/** Redis as it is when a dead worker's locks have ended and it is time to look for such shards, without waiting the 20 and 5 seconds. */
async function letTimePass(queue: Queue, connection: Redis): Promise<void> {
  const ids = (await queue.getActive()).map(({ id }) => id!);
  await connection.del(queue.toKey('stalled-check'), ...ids.map((id) => `${queue.toKey(id)}:lock`));
  if (ids.length > 0) await connection.sadd(queue.toKey('stalled'), ...ids);
}

const preload = new URL('die-on-picture.mjs', import.meta.url).href;
const measured = ['--method', 'grad-cam,hybrid', '--metric', 'insertion,sparseness', '--batch', '8'];
/** First attempt and three more of the shard it came in, and the same of the image by itself. */
const DEATHS = 8;

describe.skipIf(!redisServer || !built)(
  'an image that kills its worker (needs redis-server and pnpm build)',
  () => {
    const bench = benchProcesses();
    let redis: TestRedis;
    let connection: Redis;
    beforeAll(async () => {
      redis = await startRedis();
      connection = new Redis(redis.url, { maxRetriesPerRequest: null });
      connection.on('error', () => {});
    });
    afterAll(async () => {
      await bench.stop();
      connection?.disconnect();
      await redis?.stop();
    });

    it('becomes a row that says so after a bounded number of deaths, and costs no other image', async () => {
      const { images, model } = await photographs(8);
      const args = ['run', ...flagsFor(model), ...measured, '-q'];
      const deadly = '0002.png';
      const sha256 = createHash('sha256')
        .update(readFileSync(path.join(images, deadly)))
        .digest('hex');
      const out = newFolder();
      const where = ['--queue', redis.url, '--shard-size', '2'];
      const run = bench.start([...args, '--images', images, '--out', out, ...where]);
      const environment = { NODE_OPTIONS: `--import=${preload}`, DIE_ON_PICTURE: sha256 };
      // One cache for all, so that what one fetched the next one has. Two shards at once: the neighbour of the deadly one dies with it.
      const worker = ['worker', '--queue', redis.url, '--cache', newFolder(), '--concurrency', '2'];
      let over = false;
      void run.done.then(() => {
        over = true;
      });
      const queue = openQueue(connection, DEFAULT_PREFIX);
      let deaths = 0;
      // What a supervisor does: a worker that died is started again.
      while (!over) {
        const started = bench.start(worker, environment);
        await Promise.race([started.done, run.done]);
        if (over) {
          started.child.kill('SIGTERM');
          expect(await started.done, started.output()).toBe(0);
          break;
        }
        expect(started.child.signalCode, started.output()).toBe('SIGKILL');
        deaths++;
        await letTimePass(queue, connection);
      }
      await queue.close();
      expect(await run.done, run.output()).toBe(1);
      expect(deaths).toBe(DEATHS);
      expect(await readFailures(out, [])).toMatchObject([
        { image: deadly, error: { code: 'WORKER_DIED', message: expect.stringContaining('every worker') } },
      ]);

      // What is left is what one machine makes of the others.
      const aside = newFolder();
      renameSync(path.join(images, deadly), path.join(aside, deadly));
      const alone = newFolder();
      const here = bench.start([...args, '--images', images, '--out', alone]);
      expect(await here.done, here.output()).toBe(0);
      expect(recordKeys(out).sort()).toEqual(recordKeys(alone).sort());
      expect(readFileSync(path.join(out, 'summary.csv'), 'utf8')).toBe(
        readFileSync(path.join(alone, 'summary.csv'), 'utf8'),
      );
    }, 600_000);
  },
);
