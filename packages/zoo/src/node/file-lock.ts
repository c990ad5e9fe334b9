import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** How often a holder says that it lives, and after how long a silent one counts as dead. */
const HEARTBEAT = 2000;
const STALE = 20_000;
const POLL = 100;

/**
 * Runs work while this process holds a lock file, so that two processes do not do it twice. A holder that was killed is noticed: by its
 * process number on this machine, by its silence on another (a shared home). Losing a lock costs a second download and never a wrong
 * file: what is kept is decided by the hash.
 * @param onWait called while another process holds it
 */
export async function withFileLock<T>(
  lock: string,
  work: () => Promise<T>,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void } = {},
): Promise<T> {
  await mkdir(path.dirname(lock), { recursive: true });
  const token = `${process.pid} ${hostname()} ${randomUUID()}`;
  while (!(await tryLock(lock, token))) {
    options.signal?.throwIfAborted();
    options.onWait?.();
    await removeIfDead(lock);
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => {});
  }, HEARTBEAT);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await readFile(lock, 'utf8').catch(() => '')) === token) await rm(lock, { force: true });
  }
}

async function tryLock(lock: string, token: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx');
    await handle.writeFile(token).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfDead(lock: string): Promise<void> {
  const token = await readFile(lock, 'utf8').catch(() => undefined);
  const facts = await stat(lock).catch(() => undefined);
  if (token === undefined || facts === undefined || !isDead(token, Date.now() - facts.mtimeMs)) return;
  // Only one of those who see a dead lock can move it away; whoever moved a living one by bad luck puts it back.
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8').catch(() => token)) === token) await rm(aside, { force: true });
  else await rename(aside, lock).catch(() => {});
}

function isDead(token: string, silence: number): boolean {
  const [pid, host] = token.split(' ');
  // A holder was killed between making and filling its file.
  if (token === '') return silence > 2 * POLL * 10;
  if (host !== hostname()) return silence > STALE;
  try {
    process.kill(Number(pid), 0);
    return silence > STALE;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
