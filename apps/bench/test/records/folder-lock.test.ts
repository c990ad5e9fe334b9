import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/records/folder-lock.ts';
import { newFolder } from '../bench-command.ts';

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
    await (await lockFolder(folder)).release();
  });

  it('respects a living process here and any fresh one elsewhere', async () => {
    const folder = newFolder();
    leave(folder, { pid: process.ppid, host: hostname() });
    await expect(lockFolder(folder)).rejects.toThrow(`process ${process.ppid} on ${hostname()}`);
    leave(folder, { pid: NOBODY, host: 'elsewhere' });
    await expect(lockFolder(folder)).rejects.toThrow('remove');
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
});
