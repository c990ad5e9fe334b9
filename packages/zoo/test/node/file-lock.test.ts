import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFileLock } from '../../src/node/file-lock.ts';
import { temporaryCache } from './temporary-cache.ts';

describe('withFileLock', () => {
  it('lets one at a time in, and frees the lock also after an error', async () => {
    const lock = path.join((await temporaryCache()).folder, 'x.lock');
    let inside = 0;
    const work = (fails: boolean) => async () => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
      if (fails) throw new Error('work failed');
    };
    const results = await Promise.allSettled(
      [false, true, false].map((fails) => withFileLock(lock, work(fails))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over from a process that is dead, from a silent one of another machine, and from an empty file', async () => {
    const { folder } = await temporaryCache();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (const [name, token, age] of [
      ['dead', `${dead} ${hostname()} a`, 0],
      ['elsewhere', '1 another-machine b', 60],
      ['empty', '', 60],
    ] as const) {
      const lock = path.join(folder, name);
      writeFileSync(lock, token);
      const then = new Date(Date.now() - age * 1000);
      utimesSync(lock, then, then);
      expect(await withFileLock(lock, async () => readFileSync(lock, 'utf8').split(' ')[0])).toBe(
        String(process.pid),
      );
      expect(existsSync(lock)).toBe(false);
    }
  });

  it('waits for a living process of another machine, until the caller has enough', async () => {
    const lock = path.join((await temporaryCache()).folder, 'x.lock');
    writeFileSync(lock, '1 another-machine c');
    let waits = 0;
    const signal = AbortSignal.timeout(250);
    await expect(
      withFileLock(lock, async () => 'never', { signal, onWait: () => void waits++ }),
    ).rejects.toThrow();
    expect(waits).toBeGreaterThan(0);
    expect(readFileSync(lock, 'utf8')).toBe('1 another-machine c');
  });
});
