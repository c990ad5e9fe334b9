import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CamError, IntegrityError } from '@hybridcam/core';

/** The largest content a worker fetches: beyond any classifier or photograph. */
const MAX_BYTES = 2 ** 31 - 1;
/** A source that sends nothing for this long is given up for the next one. */
const STALL_MS = 30_000;

export interface ContentCache {
  /** Path of a file with exactly this content, fetched and verified if it is not here yet. */
  get(sha256: string, sources: readonly string[], signal?: AbortSignal): Promise<string>;
}

/** Files by hash in a folder. Two workers may share it: a file appears whole, by a rename, or not at all. */
export function createContentCache(folder: string): ContentCache {
  const fetching = new Map<string, Promise<string>>();
  const ensure = async (
    sha256: string,
    sources: readonly string[],
    signal?: AbortSignal,
  ): Promise<string> => {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, sha256);
    const known = await readFile(file).catch(() => undefined);
    if (known && createHash('sha256').update(known).digest('hex') === sha256) return file;
    const failures: string[] = [];
    for (const source of sources) {
      try {
        await download(`${source}/${sha256}`, file, sha256, signal);
        return file;
      } catch (error) {
        if (signal?.aborted) throw error;
        failures.push(`${source}: ${(error as Error).message}`);
      }
    }
    throw new CamError(
      'NETWORK',
      `worker: expected content ${sha256.slice(0, 12)}… from one of its sources; ${failures.join('; ') || 'there are none'}.`,
    );
  };
  return {
    get(sha256, sources, signal) {
      const pending =
        fetching.get(sha256) ?? ensure(sha256, sources, signal).finally(() => fetching.delete(sha256));
      fetching.set(sha256, pending);
      return pending;
    },
  };
}

async function download(url: string, file: string, sha256: string, signal?: AbortSignal): Promise<void> {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(new Error('no data for 30 s')), STALL_MS);
  const partial = `${file}.${randomBytes(6).toString('hex')}.part`;
  const handle = await open(partial, 'wx');
  try {
    // No redirects: a source answers for itself.
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]),
    });
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(new Error('no data for 30 s')), STALL_MS);
      size += chunk.length;
      if (size > MAX_BYTES) throw new Error('more than 2 GB');
      hash.update(chunk);
      await handle.write(chunk);
    }
    if (hash.digest('hex') !== sha256)
      throw new IntegrityError(`the bytes at ${url} do not have the hash they are named by`);
    await handle.sync();
    await handle.close();
    await rename(partial, file);
  } finally {
    clearTimeout(timer);
    await handle.close().catch(() => {});
    await rm(partial, { force: true });
  }
}
