import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AbortedError, CamError } from '@hybridcam/core';
import { makeFolder } from './make-folder.ts';
import { systemErrorText } from './system-error.ts';

/**
 * Writes `bytes` to `path`, whole or not at all: into a temporary file in the same folder first, then renamed. Makes the
 * folder when it is missing.
 *
 * @throws CamError `IO` naming the path and the system's reason; AbortedError; nothing half-written is left behind
 */
export async function writeWholeFile(
  path: string,
  bytes: Uint8Array | string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.part`);
  let begun = false;
  try {
    signal?.throwIfAborted();
    await makeFolder(folder);
    // `wx`: never through somebody else's file or link of that name.
    const file = await open(temporary, 'wx');
    begun = true;
    try {
      await file.writeFile(bytes, { signal });
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await rename(temporary, path);
  } catch (cause) {
    if (begun) await rm(temporary, { force: true });
    if (signal?.aborted)
      throw new AbortedError(`save: aborted while writing "${path}".`, { cause: signal.reason });
    throw new CamError('IO', `save: expected to write "${path}"; ${systemErrorText(cause)}.`, { cause });
  }
}
