import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { benchProcesses, built, newFolder } from './bench-process.ts';
import { recordKeys, runThroughTrouble } from './chaos.ts';
import { photographs } from './photographs.ts';
import { redisServer } from './redis.ts';

const IMAGES = 400;

/** The reduced form is in queue.test.ts. */
describe.skipIf(!redisServer || !built)('a long run in trouble (needs redis-server and pnpm build)', () => {
  const bench = benchProcesses();
  afterAll(() => bench.stop());

  it('30 killed workers, Redis restarted twice, the submitter resumed twice, the network cut for 30 s', async () => {
    const { flags } = await photographs(IMAGES);
    const args = [
      ...flags,
      '--method',
      'grad-cam,hybrid',
      '--metric',
      'insertion,sparseness',
      '--batch',
      '8',
    ];
    const [local, queued] = [newFolder(), newFolder()];
    const alone = bench.start(['run', ...args, '--out', local, '-q']);
    expect(await alone.done, alone.output()).toBe(0);
    const report = await runThroughTrouble(bench, args, IMAGES, queued, {
      workers: 4,
      kills: 30,
      restarts: 2,
      resumes: 2,
      cutsMs: [30_000],
      seed: 1,
    });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ kills: 30, restarts: 2, resumes: 2, cuts: 1, images: IMAGES });
    const read = (out: string) => readFileSync(path.join(out, 'summary.csv'), 'utf8');
    expect(read(queued)).toBe(read(local));
    const keys = recordKeys(queued);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.sort()).toEqual(recordKeys(local).sort());
  });
});
