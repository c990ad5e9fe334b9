import { AbortedError, CamError, IntegrityError } from '@hybridcam/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { CheckpointFile } from '../registry/zoo-entry.ts';
import { type Hasher, hashText, isRecordedHash } from './hash.ts';
import type { PartialFile } from './partial-file.ts';
import type { progressMeter } from './progress.ts';
import { AttemptFailed, RefusedByServer, receive } from './receive.ts';
import type { Transport } from './transport.ts';

/** How patient a download is. */
export interface Patience {
  /** Attempts in a row that bring less than a hundredth of the file. Default 5. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled before each further one, up to 30 s. Default 1000. */
  readonly retryDelay?: number;
  /** Milliseconds without a byte after which a connection is given up. Default 30 000. */
  readonly stallTimeout?: number;
}

export interface DownloadOptions {
  readonly transport: Transport;
  readonly hasher: () => Hasher;
  readonly meter: ReturnType<typeof progressMeter>;
  readonly patience?: Patience | undefined;
  readonly signal?: AbortSignal | undefined;
}

const LONGEST_DELAY = 30_000;

/**
 * Completes a partial file and checks its hash; resumes where it stopped, whatever the server says about ETags, because what counts is
 * the hash that is recorded here.
 *
 * @throws CamError `NETWORK` when the attempts are used up or the server refuses; IntegrityError when a whole file twice had another
 *   hash (the partial file is empty then); AbortedError, after which what came stays for the next time
 */
export async function download(
  file: CheckpointFile,
  url: string,
  partial: PartialFile,
  options: DownloadOptions,
): Promise<void> {
  const { attempts = 5, retryDelay = 1000 } = options.patience ?? {};
  const { meter, signal } = options;
  if (file.bytes !== undefined && partial.size > file.bytes) await partial.clear();
  let hash = await hashOfPartial(file, partial, options);
  let failures = 0;
  let wrongFiles = 0;
  let reached = partial.size;
  let complete = partial.size === file.bytes;
  for (;;) {
    try {
      if (!complete) {
        await attempt(url, partial, options, file.bytes, {
          onCleared: () => {
            hash = options.hasher();
          },
          onBytes: (bytes, total) => {
            hash.update(bytes);
            meter('download', partial.size, total);
          },
        });
      }
      complete = false;
      const sha256 = bytesToHex(hash.digest());
      if (isRecordedHash(sha256, file.sha256)) return;
      const size = partial.size;
      await partial.clear();
      hash = options.hasher();
      if (++wrongFiles >= 2) throw wrongFile(file, url, size, sha256);
    } catch (error) {
      if (signal?.aborted) throw aborted(file, signal);
      if (error instanceof CamError) throw error;
      if (error instanceof RefusedByServer) throw networkError(file, url, error);
      const step = (file.bytes ?? 100_000_000) / 100;
      if (partial.size - reached >= step) failures = 0;
      reached = partial.size;
      if (++failures >= attempts) throw networkError(file, url, error);
      const asked = error instanceof AttemptFailed ? error.retryAfter : undefined;
      const delay = Math.max(asked ?? 0, retryDelay * 2 ** (failures - 1));
      await pause(Math.min(LONGEST_DELAY, delay), signal).catch(() => {
        throw aborted(file, signal!);
      });
    }
  }
}

type Received = Pick<Parameters<typeof receive>[2], 'onCleared' | 'onBytes'>;

/** One attempt under a watch: without bytes for `stallTimeout` it is over. */
async function attempt(
  url: string,
  partial: PartialFile,
  options: DownloadOptions,
  expectedBytes: number | undefined,
  received: Received,
): Promise<void> {
  const { stallTimeout = 30_000 } = options.patience ?? {};
  const watch = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => watch.abort(new AttemptFailed(`no byte came for ${stallTimeout / 1000} s`)),
      stallTimeout,
    );
  };
  const onAbort = (): void => watch.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    options.signal?.throwIfAborted();
    await receive(url, partial, {
      transport: options.transport,
      signal: watch.signal,
      alive,
      busy: () => clearTimeout(timer),
      expectedBytes,
      ...received,
    });
  } catch (error) {
    throw watch.signal.aborted ? watch.signal.reason : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    // Whatever is left of the connection is of no use.
    watch.abort();
  }
}

async function hashOfPartial(
  file: CheckpointFile,
  partial: PartialFile,
  { hasher, meter, signal }: DownloadOptions,
): Promise<Hasher> {
  const hash = hasher();
  let done = 0;
  if (partial.size === 0) return hash;
  for await (const bytes of partial.read()) {
    if (signal?.aborted) throw aborted(file, signal);
    hash.update(bytes);
    done += bytes.length;
    meter('verify', done, partial.size);
  }
  return hash;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function aborted(file: CheckpointFile, signal: AbortSignal): AbortedError {
  return new AbortedError(`fetch: the download of ${file.fileName} was aborted by the caller.`, {
    cause: signal.reason,
  });
}

function wrongFile(file: CheckpointFile, url: string, size: number, sha256: string): IntegrityError {
  return new IntegrityError(
    `fetch: expected ${file.fileName} with sha256 ${hashText(file.sha256)}; ${url} twice gave ${size} bytes with ${sha256}. Nothing was kept. Is a proxy or mirror in between?`,
  );
}

function networkError(file: CheckpointFile, url: string, cause: unknown): CamError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CamError(
    'NETWORK',
    `fetch: expected ${file.fileName} from ${url}; ${reason}. What has arrived is kept; try again later, or fetch the file on another machine.`,
    { cause },
  );
}
