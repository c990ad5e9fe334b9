import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CamError, IntegrityError, OptionError } from '@hybridcam/core';
import { makeFolder } from 'hybridcam/command-kit';
import { sha256 as hashOf } from '../records/canonical-json.ts';
import type { Content } from './job.ts';
import { listMount, type Mount } from './mount.ts';

/** The largest content a worker takes: beyond any classifier or photograph, and what one buffer holds. */
const MAX_BYTES = 2 ** 31 - 1;

export interface ContentStoreOptions {
  /** Folder of files named by their hashes; several workers may share it. */
  readonly cache: string;
  /** A folder that has the submitter's files too, under whatever names; read only. */
  readonly mount?: string | undefined;
  /** `HOST` or `HOST:PORT` of the only addresses that may be asked; undefined: any. */
  readonly hosts?: readonly string[] | undefined;
  /** A source that sends nothing for this long is given up for the next one. Default: 30 s. */
  readonly stallMs?: number;
}

/** Content by hash, wherever it is: nothing is ever handed out that does not have the hash it was asked for by. */
export interface ContentStore {
  /**
   * The bytes, from the cache, the mount, the content's own address, or `SOURCE/HASH`.
   * @throws OptionError for an address that is not allowed; CamError NETWORK, INTEGRITY when no place has them
   */
  read(content: Content, sources: readonly string[], signal?: AbortSignal): Promise<Uint8Array>;
}

export function createContentStore(options: ContentStoreOptions): ContentStore {
  const { cache, hosts, stallMs = 30_000 } = options;
  const fetching = new Map<string, Promise<void>>();
  let mount: Promise<Mount> | undefined;

  const here = async ({ sha256, name }: Content): Promise<Uint8Array | undefined> => {
    const cached = await verified(path.join(cache, sha256), sha256);
    if (cached || options.mount === undefined) return cached;
    mount ??= listMount(options.mount);
    const { files } = await mount;
    for (const candidate of [files.get(sha256), files.get(name)]) {
      const found = candidate && (await verified(candidate, sha256));
      if (found) return found;
    }
    return undefined;
  };

  const fetchIt = async (
    content: Content,
    sources: readonly string[],
    signal?: AbortSignal,
  ): Promise<void> => {
    const addresses = [
      ...(content.url === undefined ? [] : [content.url]),
      ...sources.map((source) => `${source.replace(/\/+$/, '')}/${content.sha256}`),
    ];
    const failures: Error[] = [];
    for (const address of addresses) {
      assertAllowed(address, hosts);
      try {
        return await download(address, path.join(cache, content.sha256), content.sha256, stallMs, signal);
      } catch (error) {
        if (signal?.aborted) throw error;
        failures.push(error as Error);
      }
    }
    // Bytes with another hash are worse news than no bytes.
    const code = failures.some((failure) => failure instanceof IntegrityError) ? 'INTEGRITY' : 'NETWORK';
    throw new CamError(
      code,
      `expected content ${content.sha256.slice(0, 12)}… (${content.name}) from one of its sources; ${failures.map(({ message }) => message).join('; ') || 'it has none'}.`,
    );
  };

  return {
    async read(content, sources, signal) {
      const found = await here(content);
      if (found) return found;
      const { sha256 } = content;
      const pending =
        fetching.get(sha256) ?? fetchIt(content, sources, signal).finally(() => fetching.delete(sha256));
      fetching.set(sha256, pending);
      await pending;
      const fetched = await verified(path.join(cache, sha256), sha256);
      if (!fetched)
        throw new IntegrityError(`expected ${sha256} in ${cache}; it changed after it was fetched.`);
      return fetched;
    },
  };
}

async function verified(file: string, sha256: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes && hashOf(bytes) === sha256 ? bytes : undefined;
}

function assertAllowed(address: string, hosts: readonly string[] | undefined): void {
  const { host, hostname } = new URL(address);
  if (hosts === undefined || hosts.includes(host) || hosts.includes(hostname)) return;
  throw new OptionError(`expected content from ${hosts.join(', ')} only; received an address at ${host}.`);
}

/** A file appears by a rename, and is hashed again whenever it is read: one that a crash tore is fetched anew. */
async function download(
  address: string,
  file: string,
  sha256: string,
  stallMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stalled = new AbortController();
  const giveUp = () => stalled.abort(new Error(`no data for ${stallMs / 1000} s`));
  let timer = setTimeout(giveUp, stallMs);
  const partial = `${file}.${randomBytes(6).toString('hex')}.part`;
  await makeFolder(path.dirname(file));
  const handle = await open(partial, 'wx');
  try {
    // No redirects: a source answers for itself.
    const response = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]),
    });
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, stallMs);
      size += chunk.length;
      if (size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
      hash.update(chunk);
      await handle.write(chunk);
    }
    if (hash.digest('hex') !== sha256) throw new IntegrityError('bytes of another hash');
    await handle.close();
    await rename(partial, file);
  } catch (cause) {
    const reason = stalled.signal.aborted ? (stalled.signal.reason as Error) : (cause as Error);
    const detail = reason.cause instanceof Error ? ` (${reason.cause.message})` : '';
    const where = withoutSecrets(address);
    if (cause instanceof IntegrityError) throw new IntegrityError(`${where}: ${cause.message}`, { cause });
    throw new CamError('NETWORK', `${where}: ${reason.message}${detail}`, { cause });
  } finally {
    clearTimeout(timer);
    await handle.close().catch(() => {});
    await rm(partial, { force: true });
  }
}

/** A presigned address is a password: what follows the path stays out of logs and rows. */
function withoutSecrets(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
