import { link, lstat, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { CamError, OptionError } from '@hybridcam/core';

/** Says that a process writes into a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

const BEAT_MS = 30_000;
/** Without a sign for so long a holder on another machine is gone. One here is asked for: a laptop that slept gave no sign and goes on. */
const STALE_MS = 5 * 60_000;
const TAKEOVER_MS = 10_000;
/** Folders that this very process writes into: its own number in a file may be that of a process before a restart. */
const held = new Set<string>();

/**
 * Two runs that append to one folder would write lines twice, so the second is refused. A killed run leaves its file `lock` behind; it counts
 * as gone when its process is or, on another machine, after five minutes without a sign.
 * @throws OptionError while another process writes there; CamError IO
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = path.join(path.resolve(folder), 'lock');
  const taken = (by: string) =>
    new OptionError(
      `run: ${folder} is being written by ${by}. Wait for it, or use another --out; if it is gone, remove ${file}.`,
    );
  if (held.has(file)) throw taken('this process');
  held.add(file);
  try {
    while (!(await claim(file))) {
      const holder = await readHolder(file);
      if (holder !== undefined && (await isHeld(file, holder)))
        throw taken(`process ${holder.pid} on ${holder.host}`);
      await removeAlone(file);
    }
  } catch (cause) {
    held.delete(file);
    if (cause instanceof CamError) throw cause;
    throw new CamError('IO', `bench: cannot write ${file}: ${(cause as Error).message}.`, { cause });
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, BEAT_MS);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      held.delete(file);
      const holder = await readHolder(file);
      // Whoever thought us dead has its own by now.
      if (holder?.pid === process.pid && holder.host === hostname()) await rm(file, { force: true });
    },
  };
}

/** Makes the file appear with its contents, never empty: who read half of it would take its writer for dead. @returns whether it was free */
async function claim(file: string): Promise<boolean> {
  const draft = `${file}.${hostname()}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Of several that find a dead holder's file only one may remove it, and only after another look: the next may have claimed it by then. The
 * others wait a moment and look again.
 */
async function removeAlone(file: string): Promise<void> {
  const guard = `${file}.takeover`;
  if (!(await claim(guard))) {
    const found = await lstat(guard).catch(() => undefined);
    // Its owner needs milliseconds, so it died over it.
    if (found && Date.now() - found.mtimeMs > TAKEOVER_MS) await rm(guard, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    return;
  }
  try {
    // What is gone by now may be claimed at any moment; what stands there dead, nobody else removes. A link that leads nowhere stands there.
    if (!(await lstat(file).catch(() => undefined))) return;
    const holder = await readHolder(file);
    if (holder === undefined || !(await isHeld(file, holder))) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** undefined for a file that is gone by now or holds half a line: its writer died over it. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const { pid, host } = JSON.parse(await readFile(file, 'utf8')) as Holder;
    return Number.isInteger(pid) && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

async function isHeld(file: string, { pid, host }: Holder): Promise<boolean> {
  if (host === hostname()) return pid !== process.pid && isAlive(pid);
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs <= STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
