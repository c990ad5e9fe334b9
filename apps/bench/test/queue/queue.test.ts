import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchProcesses, built, newFolder } from './bench-process.ts';
import { recordKeys, runThroughTrouble } from './chaos.ts';
import { flagsFor, type Photographs, photographs } from './photographs.ts';
import { redisServer, startRedis, type TestRedis } from './redis.ts';

const IMAGES = 12;
/** So many that all the trouble comes while there is work left. */
const TROUBLED = 48;
const read = (out: string, file: string) => readFileSync(path.join(out, file), 'utf8');
/** All curves, in an order that does not say who was first: none twice, none lost, every value the same. */
const curves = (out: string) => read(out, 'curves.jsonl').trim().split('\n').sort();
/** The same batch everywhere: it is part of the arithmetic. */
const measured = ['--method', 'grad-cam,hybrid', '--metric', 'insertion,sparseness', '--batch', '8'];

describe.skipIf(!redisServer || !built)('a run over workers (needs redis-server and pnpm build)', () => {
  const bench = benchProcesses();
  let redis: TestRedis;
  let pictures: Photographs;
  let local: string;

  beforeAll(async () => {
    redis = await startRedis();
    pictures = await photographs(IMAGES);
    local = newFolder();
    const run = bench.start(['run', ...pictures.flags, ...measured, '--out', local, '-q']);
    expect(await run.done, run.output()).toBe(0);
  }, 600_000);
  afterAll(async () => {
    await bench.stop();
    await redis?.stop();
  });

  it.each([1, 2, 4])(
    'gives the summary of one machine, byte for byte, with %i workers that share only Redis and an address',
    async (count) => {
      const prefix = ['--queue', redis.url, '--queue-prefix', `count-${count}`];
      const workers = Array.from({ length: count }, () =>
        bench.start(['worker', ...prefix, '--cache', newFolder()]),
      );
      const out = newFolder();
      const run = bench.start([
        'run',
        ...pictures.flags,
        ...measured,
        '--out',
        out,
        ...prefix,
        '--shard-size',
        '1',
      ]);
      expect(await run.done, run.output()).toBe(0);
      expect(read(out, 'summary.csv')).toBe(read(local, 'summary.csv'));
      expect(recordKeys(out).sort()).toEqual(recordKeys(local).sort());
      expect(run.output()).toMatch(/12\/12 · \d workers?/);
      for (const { child } of workers) child.kill('SIGTERM');
      for (const worker of workers) {
        expect(await worker.done, worker.output()).toBe(0);
        expect(worker.output()).toContain('stopped');
      }
    },
    600_000,
  );

  it('loses and doubles nothing when workers, Redis and the submitter are killed and the network is cut', async () => {
    const { flags } = await photographs(TROUBLED);
    const args = [...flags, ...measured];
    const [alone, out] = [newFolder(), newFolder()];
    const run = bench.start(['run', ...args, '--out', alone, '-q']);
    expect(await run.done, run.output()).toBe(0);
    const trouble = { workers: 2, kills: 2, restarts: 1, resumes: 1, cutsMs: [2000], seed: 1 };
    const report = await runThroughTrouble(bench, args, TROUBLED, out, trouble);
    expect(report).toMatchObject({ kills: 2, restarts: 1, resumes: 1, cuts: 1, images: TROUBLED });
    expect(read(out, 'summary.csv')).toBe(read(alone, 'summary.csv'));
    expect(recordKeys(out).sort()).toEqual(recordKeys(alone).sort());
    expect(curves(out)).toEqual(curves(alone));
  }, 600_000);

  it('makes rows of poison images as one machine does, and takes model, labels and class from the submitter', async () => {
    const photos = newFolder();
    for (const name of ['0000.png', '0001.png'])
      writeFileSync(path.join(photos, name), readFileSync(path.join(pictures.images, name)));
    writeFileSync(path.join(photos, 'poison.png'), 'not a picture');
    const labels = path.join(newFolder(), 'labels.txt');
    writeFileSync(labels, Array.from({ length: 10 }, (_, i) => `kind ${i}`).join('\n'));
    const args = ['run', ...flagsFor(pictures.model), '--images', photos, ...measured, '--labels', labels];
    const [alone, queued] = [newFolder(), newFolder()];
    const here = bench.start([...args, '--class', 'kind 3', '--out', alone, '-q']);
    const worker = bench.start(['worker', '--queue', redis.url, '--cache', newFolder()]);
    const there = bench.start([...args, '--class', 'kind 3', '--out', queued, '-q', '--queue', redis.url]);
    expect(await here.done, here.output()).toBe(1);
    expect(await there.done, there.output()).toBe(1);
    expect(read(queued, 'summary.csv')).toBe(read(alone, 'summary.csv'));
    const failures = read(queued, 'failures.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failures.map(({ image, error }) => [image, error.code])).toEqual([['poison.png', 'IMAGE_FORMAT']]);
    worker.child.kill('SIGTERM');
    expect(await worker.done).toBe(0);
  }, 600_000);
});
