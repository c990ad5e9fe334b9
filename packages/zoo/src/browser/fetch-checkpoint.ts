import { AbortedError, CamError } from '@hybridcam/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { download, type Patience } from '../download/download.ts';
import { isRecordedHash } from '../download/hash.ts';
import { type OnProgress, progressMeter } from '../download/progress.ts';
import { zooEntry } from '../registry/zoo.ts';
import type { CheckpointFile } from '../registry/zoo-entry.ts';
import { fetchTransport } from './fetch-transport.ts';
import { openStore } from './open-store.ts';
import { type SegmentPartial, segmentPartial } from './segment-partial.ts';
import type { SegmentStore } from './segment-store.ts';

export interface FetchCheckpointOptions {
  /** Where the file is served with CORS headers. Default: the publisher's address, which may not allow other sites to read it. */
  readonly url?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  readonly patience?: Patience;
}

export interface FetchedCheckpoint {
  readonly bytes: Uint8Array;
  readonly source: 'cache' | 'network';
  /** Where it is kept for the next visit; `memory`: nowhere, the browser has no room or allows nothing. */
  readonly stored: SegmentStore['kind'];
}

/**
 * The verified bytes of a checkpoint, kept in the browser: in the origin-private file system, else the Cache API, else not at all.
 * Resumes where an earlier visit stopped; of several tabs one downloads and the others wait. Call it in a worker: the hash takes a
 * second of computing.
 *
 * @param source a name of the zoo, or any file whose hash is known
 * @throws OptionError for an unknown name; CamError `NETWORK`; IntegrityError; AbortedError
 */
export async function fetchCheckpoint(
  source: string | CheckpointFile,
  options: FetchCheckpointOptions = {},
): Promise<FetchedCheckpoint> {
  const file = typeof source === 'string' ? zooEntry(source).checkpoint : source;
  const { signal } = options;
  const work = async (): Promise<FetchedCheckpoint> => {
    const partial = await segmentPartial(await openStore(file));
    const before = partial.size;
    await complete(file, partial, options);
    const bytes = await partial.bytes();
    // Storage is read back, not believed.
    if (!isRecordedHash(bytesToHex(sha256(bytes)), file.sha256)) {
      await partial.clear();
      throw new CamError(
        'IO',
        `fetch: expected ${file.fileName} back from the browser's storage; it is damaged. Try again.`,
      );
    }
    return { bytes, source: before === bytes.length ? 'cache' : 'network', stored: partial.kind };
  };
  const name = `hybridcam ${file.fileName}`;
  try {
    // Web Locks are missing on pages that are not secure.
    return navigator.locks === undefined
      ? await work()
      : await navigator.locks.request(name, signal === undefined ? {} : { signal }, work);
  } catch (error) {
    // The lock rejects with the signal's reason, which may be an error of ours too.
    if (signal?.aborted && (error === signal.reason || !(error instanceof CamError))) {
      throw new AbortedError('fetch: aborted by the caller.', { cause: signal.reason });
    }
    throw error;
  }
}

async function complete(
  file: CheckpointFile,
  partial: SegmentPartial,
  options: FetchCheckpointOptions,
): Promise<void> {
  try {
    await download(file, options.url ?? file.url, partial, {
      transport: fetchTransport,
      hasher: () => sha256.create(),
      meter: progressMeter(file.fileName, options.onProgress),
      patience: options.patience,
      signal: options.signal,
    });
  } finally {
    await partial.flush();
  }
}
