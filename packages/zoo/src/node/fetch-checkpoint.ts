import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { AbortedError, CamError, OptionError } from '@hybridcam/core';
import { download, type Patience } from '../download/download.ts';
import { type OnProgress, progressMeter } from '../download/progress.ts';
import { zooEntry } from '../registry/zoo.ts';
import type { CheckpointFile } from '../registry/zoo-entry.ts';
import { cacheFolder, type Environment, type Place } from './cache-folders.ts';
import { withFileLock } from './file-lock.ts';
import { openFilePartial } from './file-partial.ts';
import { byHand, findCached } from './find-cached.ts';
import { httpsTransport } from './https-transport.ts';

export interface FetchCheckpointOptions {
  /** Use what is here and nothing else. Default: whether `HYBRIDCAM_OFFLINE` is `1`. */
  readonly offline?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  readonly patience?: Patience;
  /** Variables that decide about caches, mirror and proxy. Default: `process.env`. */
  readonly env?: Environment;
}

export interface FetchedCheckpoint {
  readonly path: string;
  /** Whose copy it is; `network`: downloaded just now, into our cache. */
  readonly source: Place['of'] | 'network';
}

/**
 * The path of a verified checkpoint: from our cache, PyTorch's or Hugging Face's, else downloaded into ours.
 *
 * The hash is taken at every call. A download resumes where an earlier one stopped, also one that was killed; of several processes one
 * downloads and the others wait. `HYBRIDCAM_CACHE` names the cache, `HYBRIDCAM_MIRROR` a folder URL to fetch from instead of the
 * publisher's, `HTTPS_PROXY` and `NO_PROXY` the proxy.
 *
 * @param source a name of the zoo, or any file whose hash is known
 * @throws OptionError for an unknown name; CamError `NOT_FOUND` when offline and nothing is cached, saying which file to put where
 * @throws CamError `NETWORK`; IntegrityError; CamError `IO`; AbortedError
 * @example (await fetchCheckpoint('resnet50')).path
 */
export async function fetchCheckpoint(
  source: string | CheckpointFile,
  options: FetchCheckpointOptions = {},
): Promise<FetchedCheckpoint> {
  const { env = process.env, signal, onProgress } = options;
  const file = typeof source === 'string' ? zooEntry(source).checkpoint : source;
  if (
    !/^[\w.-]+$/.test(file.fileName) ||
    file.fileName.startsWith('.') ||
    !/^[0-9a-f]{8,64}$/.test(file.sha256)
  ) {
    throw new OptionError('fetch: expected a plain file name and a hexadecimal sha256; received others.');
  }
  const url = addressOf(file, env);
  const meter = progressMeter(file.fileName, onProgress);
  const search = (): ReturnType<typeof findCached> =>
    findCached(file, env, { signal, onBytes: (done, total) => meter('verify', done, total) });
  try {
    const { found, looked } = await search();
    if (found !== undefined) return { path: found.file, source: found.of };
    if (options.offline ?? env['HYBRIDCAM_OFFLINE'] === '1') {
      throw new CamError(
        'NOT_FOUND',
        `fetch: expected ${file.fileName} in a cache, being offline; looked at ${looked.join(', ')}. ${byHand(file, env)}`,
      );
    }
    const goal = path.join(cacheFolder(env), 'checkpoints', file.fileName);
    return await withFileLock(
      `${goal}.lock`,
      async () => {
        // Another process may have finished in the meantime.
        const again = await search();
        if (again.found !== undefined) return { path: again.found.file, source: again.found.of };
        const partial = await openFilePartial(`${goal}.partial`);
        try {
          await download(file, url, partial, {
            transport: httpsTransport(env),
            hasher: () => createHash('sha256'),
            meter,
            patience: options.patience,
            signal,
          });
        } finally {
          await partial.close();
        }
        await rename(`${goal}.partial`, goal);
        return { path: goal, source: 'network' };
      },
      { signal, onWait: () => meter('wait', 0, file.bytes) },
    );
  } catch (error) {
    // The lock throws the signal's reason, which may be an error of ours too.
    if (error instanceof CamError && error !== signal?.reason) throw error;
    if (signal?.aborted) {
      throw new AbortedError('fetch: aborted by the caller.', { cause: signal.reason });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new CamError('IO', `fetch: expected a cache that can be written; ${reason}.`, { cause: error });
  }
}

/** @throws OptionError for a mirror that is no URL */
function addressOf(file: CheckpointFile, env: Environment): string {
  const mirror = env['HYBRIDCAM_MIRROR'];
  if (!mirror) return file.url;
  if (!URL.canParse(mirror)) {
    throw new OptionError(`fetch: expected HYBRIDCAM_MIRROR to be a URL; received "${mirror}".`);
  }
  return new URL(file.fileName, mirror.endsWith('/') ? mirror : `${mirror}/`).href;
}
