import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateScene, loadScenesNetwork } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisServer, startRedis, type TestRedis } from './redis.ts';

const launcher = fileURLToPath(new URL('../../bin/hybridcam-bench.js', import.meta.url));
const built = existsSync(fileURLToPath(new URL('../../dist/main.js', import.meta.url)));
const folder = () => mkdtempSync(path.join(tmpdir(), 'bench-queue-'));

describe.skipIf(!redisServer || !built)('a run over workers (needs redis-server and pnpm build)', () => {
  let redis: TestRedis;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await redis?.stop();
  });

  function bench(...args: string[]): {
    child: ChildProcess;
    done: Promise<number | null>;
    output: () => string;
  } {
    const child = spawn(process.execPath, [launcher, ...args], { cwd: folder() });
    children.add(child);
    let text = '';
    child.stdout!.on('data', (part) => (text += part));
    child.stderr!.on('data', (part) => (text += part));
    const done = new Promise<number | null>((resolve) =>
      child.on('exit', (code) => {
        children.delete(child);
        resolve(code);
      }),
    );
    return { child, done, output: () => text };
  }

  const worker = () => bench('worker', '--queue', redis.url, '--cache', folder());
  const run = (out: string, ...more: string[]) =>
    bench(
      'run',
      '--images',
      'scenes:12',
      '--method',
      'grad-cam,hybrid',
      '--metric',
      'insertion,energy',
      '--out',
      out,
      '-q',
      ...more,
    );
  const summary = (out: string) => readFileSync(path.join(out, 'summary.csv'), 'utf8');
  const keys = (out: string): string[] =>
    readFileSync(path.join(out, 'records.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).key);

  it('gives the summary of a local run, byte for byte, though a worker is killed, Redis restarts and the submitter dies', async () => {
    const [local, queued] = [folder(), folder()];
    expect(await run(local).done).toBe(0);

    const workers = [worker(), worker()];
    const first = run(queued, '--queue', redis.url, '--shard-size', '2');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    workers[0]!.child.kill('SIGKILL');
    await redis.restart();
    first.child.kill('SIGKILL');
    await first.done;
    workers.push(worker());
    const second = run(
      queued,
      '--queue',
      redis.url,
      '--shard-size',
      '2',
      ...(existsSync(path.join(queued, 'run.json')) ? ['--resume'] : []),
    );
    expect(await second.done, second.output()).toBe(0);
    expect(summary(queued)).toBe(summary(local));
    expect(new Set(keys(queued)).size).toBe(keys(queued).length);
    for (const { child } of workers) child.kill('SIGTERM');
    await Promise.all(workers.map(({ done }) => done));
  });

  it('serves model and photographs by hash to workers that share nothing else, and makes rows of poison images', async () => {
    const photos = folder();
    for (const seed of [1, 2, 3]) {
      const { image } = generateScene({ seed: 7000 + seed });
      writeFileSync(path.join(photos, `scene${seed}.png`), encodePng(image));
    }
    writeFileSync(path.join(photos, 'poison.png'), 'not a picture');
    const model = path.join(folder(), 'network.onnx');
    writeFileSync(model, await scenesOnnxModel(await loadScenesNetwork()));
    const args = (out: string) => [
      'run',
      '--images',
      photos,
      '--model',
      model,
      '--mean',
      '0.5,0.5,0.5',
      '--std',
      '0.5,0.5,0.5',
      '--resize',
      '96',
      '--crop',
      '96',
      '--method',
      'grad-cam,hybrid',
      '--metric',
      'insertion',
      '--out',
      out,
      '-q',
    ];
    const [local, queued] = [folder(), folder()];
    expect(await bench(...args(local)).done).toBe(1);
    const helper = worker();
    const submitted = bench(...args(queued), '--queue', redis.url);
    expect(await submitted.done, submitted.output()).toBe(1);
    expect(summary(queued)).toBe(summary(local));
    const failures = readFileSync(path.join(queued, 'failures.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failures.map(({ image, error }) => [image, error.code])).toEqual([['poison.png', 'IMAGE_FORMAT']]);
    helper.child.kill('SIGTERM');
    expect(await helper.done).toBe(0);
    expect(helper.output()).toContain('stopped');
  });

  it('refuses hostile payloads without trying again, and goes on working', async () => {
    const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    const queue = new Queue('shards', { connection, prefix: 'hybridcam' });
    const hostile = [
      null,
      { version: 99 },
      { version: 1, sources: ['file:///etc/passwd'], flags: { out: '/' } },
      { version: 1, items: 'x' },
    ];
    for (const [i, payload] of hostile.entries())
      await queue.add('shard', payload, { jobId: `hostile-${i}`, attempts: 3 });
    const helper = worker();
    for (let wait = 0; wait < 200 && (await queue.getFailedCount()) < hostile.length; wait++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    for (const job of await queue.getFailed()) {
      expect(job.attemptsMade).toBe(1);
      expect(job.failedReason).toContain('refused a job');
    }
    expect(await queue.getFailedCount()).toBe(hostile.length);
    const out = folder();
    expect(await run(out, '--queue', redis.url).done).toBe(0);
    const status = bench('queue', 'status', '--queue', redis.url);
    await status.done;
    expect(status.output()).toContain('workers    1');
    helper.child.kill('SIGTERM');
    await helper.done;
    await queue.obliterate({ force: true });
    await queue.close();
    connection.disconnect();
  });

  it('says so when no Redis answers', async () => {
    const lost = bench('queue', 'status', '--queue', 'redis://127.0.0.1:1');
    expect(await lost.done).toBe(1);
    expect(lost.output()).toContain('none answered within 10 s');
    expect(await bench('queue', 'status', '--queue', 'http://x').done).toBe(2);
  });
});
