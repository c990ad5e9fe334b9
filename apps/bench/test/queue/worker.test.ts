import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { DEFAULT_PREFIX, openQueue } from '../../src/queue/connection.ts';
import { JOB_VERSION } from '../../src/queue/job.ts';
import { type BenchProcess, benchProcesses, built, newFolder, until } from './bench-process.ts';
import { flagsFor, photographs } from './photographs.ts';
import { redisServer, startRedis, type TestRedis, testCertificate } from './redis.ts';

const hash = 'a'.repeat(64);
const measured = ['--method', 'grad-cam', '--metric', 'insertion', '--batch', '8'];
const good = {
  version: JOB_VERSION,
  protocolHash: 'p',
  sources: [],
  model: { kind: 'named', name: 'scenes' },
  labels: null,
  flags: { method: 'grad-cam', metric: 'insertion' },
  items: [{ kind: 'scene', index: 1 }],
  pictures: false,
};

const events = (worker: BenchProcess): Record<string, unknown>[] =>
  worker
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

describe.skipIf(!redisServer || !built)('hybridcam-bench worker (needs redis-server and pnpm build)', () => {
  const bench = benchProcesses();
  let redis: TestRedis;
  let connection: Redis;
  let queue: Queue;

  beforeAll(async () => {
    redis = await startRedis();
    connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    connection.on('error', () => {});
    queue = openQueue(connection, DEFAULT_PREFIX);
  });
  afterAll(async () => {
    await bench.stop();
    await queue?.close();
    connection?.disconnect();
    await redis?.stop();
  });

  const startWorker = (...flags: string[]) =>
    bench.start(['worker', '--queue', redis.url, '--cache', newFolder(), '--log', 'json', ...flags]);

  async function stop(worker: BenchProcess): Promise<void> {
    worker.child.kill('SIGTERM');
    expect(await worker.done, worker.output()).toBe(0);
    expect(events(worker).at(-1)).toMatchObject({ event: 'stopped' });
  }

  it('refuses hostile payloads at once and for good, logs them, opens nothing, and goes on working', async () => {
    const trap = createServer((_, response) => response.end('caught'));
    let visits = 0;
    trap.on('request', () => visits++);
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const source = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    const marker = path.join(newFolder(), 'written');
    const hostile: unknown[] = [
      null,
      'x',
      { ...good, sources: ['file:///etc/passwd'] },
      { ...good, flags: { out: path.dirname(marker) } },
      { ...good, flags: { method: `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "")` } },
      { ...good, model: { kind: 'named', name: '../../etc/passwd' } },
      { ...good, sources: [source], code: 'process.exit()' },
      { ...good, sources: [source], items: [{ kind: 'file', name: '/etc/passwd', sha256: '/etc/passwd' }] },
      // Well-formed, but from a host that this worker was not allowed to ask.
      {
        ...good,
        sources: ['http://127.0.0.1:1'],
        model: { kind: 'file', name: 'm', sha256: hash, external: [] },
      },
      { ...good, items: Array.from({ length: 5000 }, () => good.items[0]) },
      { ...good, protocolHash: 'x'.repeat(20 * 2 ** 20) },
    ];
    for (const [i, payload] of hostile.entries())
      await queue.add('shard', payload, { jobId: `hostile-${i}`, attempts: 3 });
    // What no client of BullMQ would write, but whoever reaches Redis can.
    const depth = 100_000;
    await queue.add('shard', null, { jobId: 'nested', attempts: 3 });
    await connection.hset(queue.toKey('nested'), 'data', `${'['.repeat(depth)}${']'.repeat(depth)}`);
    const refusals = hostile.length + 1;
    const worker = startWorker('--hosts', 'example.org', '--http', '0');
    await until('all are refused', async () => (await queue.getFailedCount()) === refusals);
    for (const job of await queue.getFailed()) {
      expect(job.attemptsMade).toBe(1);
      expect(job.failedReason).toMatch(/^OPTION: /);
    }
    expect(visits).toBe(0);
    expect(() => readFileSync(marker)).toThrow('ENOENT');
    const refused = events(worker).filter(({ event }) => event === 'refused');
    expect(refused).toHaveLength(refusals);
    for (const { reason } of refused) expect((reason as string).length).toBeLessThan(600);

    const run = bench.start([
      'run',
      ...['--images', 'scenes:2', ...measured, '--out', newFolder(), '-q', '--queue', redis.url],
    ]);
    expect(await run.done, run.output()).toBe(0);
    const port = events(worker).find(({ event }) => event === 'ready')!['port'];
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain(`hybridcam_worker_refused_shards_total ${refusals}\n`);
    await stop(worker);
    await queue.obliterate({ force: true });
    trap.close();
  }, 600_000);

  it('refuses what another worker may do, and leaves it to be tried again: version, protocol, model hash', async () => {
    const lying = createServer((_, response) => response.end('another model'));
    await new Promise<void>((resolve) => lying.listen(0, '127.0.0.1', resolve));
    const source = `http://127.0.0.1:${(lying.address() as AddressInfo).port}`;
    const payloads = {
      version: { ...good, version: 99 },
      protocol: good,
      model: { ...good, sources: [source], model: { kind: 'file', name: 'm', sha256: hash, external: [] } },
    };
    for (const [jobId, payload] of Object.entries(payloads))
      await queue.add('shard', payload, { jobId, attempts: 2 });
    const worker = startWorker();
    await until('all are given up', async () => (await queue.getFailedCount()) === 3);
    const failed = await queue.getFailed();
    const reasons = Object.fromEntries(failed.map(({ id, failedReason }) => [id, failedReason]));
    expect(reasons).toEqual({
      version: expect.stringMatching(/^UNSUPPORTED: expected a job of version \d+; received 99/),
      protocol: expect.stringMatching(/^UNSUPPORTED: expected protocol p; received [0-9a-f]{20} here/),
      model: expect.stringMatching(/^INTEGRITY: .*bytes of another hash/),
    });
    expect(failed.map(({ attemptsMade }) => attemptsMade)).toEqual([2, 2, 2]);
    await stop(worker);
    await queue.obliterate({ force: true });
    lying.close();
  }, 600_000);

  it('finishes the shard in hand when it is stopped, and takes no other', async () => {
    const worker = startWorker('--http', '0');
    const port = (await worker.says(/"port":(\d+)/))[1];
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe('ok\n');
    const run = bench.start([
      'run',
      ...['--images', 'scenes:12', '--metric-preset', 'rise-full', ...measured, '--shard-size', '4'],
      ...['--out', newFolder(), '-q', '--queue', redis.url],
    ]);
    await worker.says(/"event":"started"/);
    worker.child.kill('SIGINT');
    expect(await worker.done, worker.output()).toBe(0);
    expect(events(worker).filter(({ event }) => event === 'finished')).toHaveLength(1);
    expect(events(worker).slice(-2)).toMatchObject([{ event: 'finished', images: 4 }, { event: 'stopped' }]);
    expect(await queue.getActiveCount()).toBe(0);
    const second = startWorker();
    expect(await run.done, run.output()).toBe(0);
    await stop(second);
  }, 600_000);

  it('says at /healthz that Redis is away, works again when it is back, and stops without it', async () => {
    const own = await startRedis();
    const worker = bench.start([
      'worker',
      ...['--queue', own.url, '--cache', newFolder(), '--http', '0', '--log', 'json', '--concurrency', '2'],
    ]);
    const port = (await worker.says(/"port":(\d+)/))[1];
    const health = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
    await own.stop();
    await until('503', async () => (await health()) === 503);
    await own.restart();
    await until('200', async () => (await health()) === 200);
    const run = bench.start([
      'run',
      ...['--images', 'scenes:2', ...measured, '--out', newFolder(), '-q', '--queue', own.url],
    ]);
    expect(await run.done, run.output()).toBe(0);
    await own.stop();
    await until('503 again', async () => (await health()) === 503);
    await stop(worker);
  }, 600_000);

  it('takes model and pictures from a mount, from a manifest of presigned addresses, and from the submitter', async () => {
    const { images, model } = await photographs(2);
    const files = [model, path.join(images, '0000.png'), path.join(images, '0001.png')];
    const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    const mount = newFolder();
    mkdirSync(path.join(mount, 'below'));
    for (const file of files.slice(1))
      writeFileSync(path.join(mount, path.basename(file)), readFileSync(file));
    writeFileSync(path.join(mount, 'below', 'x'), 'x');
    writeFileSync(path.join(mount, hashOf(model)), readFileSync(model));
    const asked: string[] = [];
    const store = createServer((request, response) => {
      asked.push(request.url!);
      const file = files.find((name) => request.url === `/${path.basename(name)}?signature=right`);
      if (file) response.end(readFileSync(file));
      else response.writeHead(403).end();
    });
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    const manifest = path.join(newFolder(), 'presigned.jsonl');
    const entries = files.map((file) => ({
      sha256: hashOf(file),
      url: `${origin}/${path.basename(file)}?signature=right`,
    }));
    writeFileSync(manifest, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));

    // Each worker can reach one of the three only; the address of the submitter's server is one that nobody answers.
    const nowhere = ['--serve', '0.0.0.0:0', '--source', 'http://127.0.0.1:1'];
    const ways = [
      { worker: ['--mount', mount], run: nowhere },
      { worker: [], run: ['--source', manifest] },
      { worker: [], run: [] },
    ];
    const summaries: string[] = [];
    for (const way of ways) {
      const worker = startWorker(...way.worker);
      const out = newFolder();
      const run = bench.start([
        'run',
        ...['--images', images, ...flagsFor(model), ...measured, '--out', out, '-q', '--queue', redis.url],
        ...way.run,
      ]);
      expect(await run.done, run.output() + worker.output()).toBe(0);
      summaries.push(readFileSync(path.join(out, 'summary.csv'), 'utf8'));
      await stop(worker);
    }
    expect(new Set(summaries).size).toBe(1);
    expect(asked.sort()).toEqual(files.map((file) => `/${path.basename(file)}?signature=right`).sort());
    store.close();
  }, 600_000);

  it('speaks TLS with a password from the environment, under a prefix of its own', async (context) => {
    const certificate = testCertificate();
    if (certificate === undefined) return context.skip('needs openssl');
    const secure = await startRedis({ password: 'sesame', certificate });
    const address = ['--queue', secure.url.replace(':sesame@', ''), '--queue-prefix', 'lab-7'];
    const trusted = {
      NODE_EXTRA_CA_CERTS: path.join(certificate, 'cert.pem'),
      HYBRIDCAM_QUEUE_PASSWORD: 'sesame',
    };
    const ca = readFileSync(path.join(certificate, 'cert.pem'));
    const inside = new Redis(secure.url, { maxRetriesPerRequest: null, tls: { ca } });
    const lab = openQueue(inside, 'lab-7');
    const ask = async (action: string, environment: Record<string, string> = trusted) => {
      const asked = bench.start(['queue', action, '--json', ...address], environment);
      return { code: await asked.done, text: asked.output() };
    };
    expect(await ask('pause')).toEqual({
      code: 0,
      text: '{"paused":true,"workers":0,"waiting":0,"active":0,"delayed":0,"completed":0,"failed":0}\n',
    });
    const out = newFolder();
    const run = bench.start(
      ['run', '--images', 'scenes:3', ...measured, '--out', out, '-q', '--shard-size', '1', ...address],
      trusted,
    );
    const worker = bench.start(['worker', ...address, '--cache', newFolder()], trusted);
    await worker.says(/ready/);
    await until('three shards wait', async () => (await lab.getWaitingCount()) === 3);
    expect((await ask('drain')).text).toContain('"waiting":0');
    await until('the submitter brings them back', async () => (await lab.getWaitingCount()) === 3);
    await ask('resume');
    expect(await run.done, run.output()).toBe(0);
    await stopText(worker);

    const stranger = await ask('status', { HYBRIDCAM_QUEUE_PASSWORD: 'sesame' });
    expect(stranger).toMatchObject({ code: 1, text: expect.stringContaining('certificate') });
    const guess = await ask('status', { ...trusted, HYBRIDCAM_QUEUE_PASSWORD: 'guess' });
    expect(guess).toMatchObject({ code: 1, text: expect.stringContaining('WRONGPASS') });
    await lab.close();
    inside.disconnect();
    await secure.stop();
  }, 600_000);

  async function stopText(worker: BenchProcess): Promise<void> {
    worker.child.kill('SIGTERM');
    expect(await worker.done, worker.output()).toBe(0);
  }

  it('tells a bad command line from a Redis that is not there, and never prints a password', async () => {
    const file = path.join(newFolder(), 'file');
    writeFileSync(file, '');
    const cases: [args: string[], code: number, says: string][] = [
      [['worker'], 2, 'expected --queue'],
      [['worker', '--queue', 'http://x'], 2, 'expected redis://'],
      [['worker', '--queue', 'redis://:hunter2@host:99999999'], 2, 'no address'],
      [['worker', '--queue', 'redis://'], 2, 'received none'],
      [['worker', '--queue', redis.url, '--http', '99999'], 2, 'expected a port'],
      [['worker', '--queue', redis.url, '--http', String(redis.port)], 1, 'expected a free port'],
      [['worker', '--queue', redis.url, '--queue-prefix', 'a b'], 2, 'expected 1 to 64'],
      [['queue', 'status', '--queue', 'redis://:hunter2@127.0.0.1:1'], 1, 'ECONNREFUSED'],
      [['worker', '--queue', `${redis.url}/abc`], 2, 'the database a number; received "/abc"'],
      [['queue', 'status', '--queue', `${redis.url}/99`], 2, 'received 99 (ERR DB index'],
      [['worker', '--queue', redis.url, '--mount', path.join(newFolder(), 'gone')], 1, '--mount: expected'],
      [['worker', '--queue', redis.url, '--cache', path.join(file, 'below')], 1, '--cache: expected'],
      [['queue', 'restart', '--queue', redis.url], 2, 'expected one of status'],
      [['run', '--queue', redis.url, '--shard-size', '1000'], 2, 'at most 256'],
      [['run', '--queue', redis.url, '--serve', '0.0.0.0:8800'], 2, 'expected --source'],
      [['run', '--queue', redis.url, '--serve', 'a:b:c'], 2, '[HOST:]PORT'],
      [['run', '--serve', '8800'], 2, 'would do nothing'],
    ];
    for (const [args, code, says] of cases) {
      let output = '';
      const write = (text: string) => {
        output += text;
      };
      const { signal } = new AbortController();
      const ended = await main(args, { stdout: { write }, stderr: { write }, signal });
      expect([ended, output]).toEqual([code, expect.stringContaining(says)]);
      expect(output).not.toContain('hunter2');
    }
  }, 600_000);
});
