import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/records/folder-lock.ts';
import { newFolder } from '../bench-command.ts';

const built = path.join(import.meta.dirname, '../../dist/records/folder-lock.js');
const lockOf = (folder: string) => path.join(folder, 'lock');
const leave = (folder: string, holder: object | string) =>
  writeFileSync(lockOf(folder), typeof holder === 'string' ? holder : JSON.stringify(holder));
/** No process has it: above the largest that systems give out. */
const NOBODY = 2 ** 22 + 1;

describe('lockFolder', () => {
  it('is one at a time, and free again when released', async () => {
    const folder = newFolder();
    const lock = await lockFolder(folder);
    await expect(lockFolder(`${folder}/.`)).rejects.toThrow('is being written by this process');
    await lock.release();
    expect(existsSync(lockOf(folder))).toBe(false);
    const both = await Promise.allSettled([lockFolder(folder), lockFolder(folder)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    for (const result of both) if (result.status === 'fulfilled') await result.value.release();
    await (await lockFolder(folder)).release();
  });

  it('respects a living process here and any fresh one elsewhere', async () => {
    const folder = newFolder();
    leave(folder, { pid: process.ppid, host: hostname() });
    await expect(lockFolder(folder)).rejects.toThrow(`process ${process.ppid} on ${hostname()}`);
    leave(folder, { pid: NOBODY, host: 'elsewhere' });
    await expect(lockFolder(folder)).rejects.toThrow('remove');
    // A living process that slept gave no sign, and goes on.
    leave(folder, { pid: process.ppid, host: hostname() });
    const longAgo = new Date(Date.now() - 6 * 60_000);
    utimesSync(lockOf(folder), longAgo, longAgo);
    await expect(lockFolder(folder)).rejects.toThrow(`process ${process.ppid}`);
  });

  it('leaves the lock of whoever took over', async () => {
    const folder = newFolder();
    const lock = await lockFolder(folder);
    leave(folder, { pid: process.ppid, host: 'elsewhere' });
    await lock.release();
    expect(existsSync(lockOf(folder))).toBe(true);
  });

  it('takes over from a dead process, from a silent one, from its own number before a restart, and from half a line', async () => {
    const folder = newFolder();
    const takesOver = async () => (await lockFolder(folder)).release();
    leave(folder, { pid: NOBODY, host: hostname() });
    await takesOver();
    leave(folder, { pid: process.pid, host: hostname() });
    await takesOver();
    leave(folder, '{"pi');
    await takesOver();
    leave(folder, { pid: process.ppid, host: 'elsewhere' });
    const longAgo = new Date(Date.now() - 6 * 60_000);
    utimesSync(lockOf(folder), longAgo, longAgo);
    await takesOver();
    expect(existsSync(lockOf(folder))).toBe(false);
  });

  it.skipIf(!existsSync(built))(
    'lets one of many in that find a dead lock at once (needs pnpm build)',
    async () => {
      for (let round = 0; round < 3; round++) {
        const folder = newFolder();
        leave(folder, { pid: NOBODY, host: hostname() });
        const contenders = Array.from({ length: 6 }, () => contend(folder));
        for (const { said } of contenders) expect(await said()).toBe('ready');
        for (const { go } of contenders) go();
        const answers = await Promise.all(contenders.map(({ said }) => said()));
        expect(answers.sort()).toEqual(['held', 'refused', 'refused', 'refused', 'refused', 'refused']);
        for (const { end } of contenders) await end();
        expect(existsSync(lockOf(folder))).toBe(false);
      }
    },
  );
});

/** A process that says when it can begin, tries when told, and keeps what it got until its input ends. */
function contend(folder: string) {
  const program = `
    import { lockFolder } from ${JSON.stringify(pathToFileURL(built).href)};
    const input = process.stdin[Symbol.asyncIterator]();
    console.log('ready');
    await input.next();
    const lock = await lockFolder(${JSON.stringify(folder)}).catch(() => undefined);
    console.log(lock ? 'held' : 'refused');
    while (!(await input.next()).done);
    await lock?.release();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const closed = once(child, 'close');
  return {
    said: async () => (await lines.next()).value as string,
    go: () => child.stdin.write('go\n'),
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
