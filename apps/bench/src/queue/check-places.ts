import { randomBytes } from 'node:crypto';
import { opendir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CamError } from '@hybridcam/core';
import { makeFolder } from 'hybridcam/command-kit';

/**
 * Whether a worker can write where it keeps content and read where it may find some: said when it starts, not with the first shard.
 * @throws CamError IO naming the flag
 */
export async function checkPlaces(cache: string, mount: string | undefined): Promise<void> {
  const trial = path.join(cache, `${randomBytes(6).toString('hex')}.part`);
  try {
    await makeFolder(cache);
    await writeFile(trial, '', { flag: 'wx' });
    await rm(trial);
  } catch (cause) {
    throw new CamError('IO', `--cache: expected a folder to write into; ${(cause as Error).message}.`, {
      cause,
    });
  }
  if (mount === undefined) return;
  try {
    await (await opendir(mount)).close();
  } catch (cause) {
    throw new CamError('IO', `--mount: expected a readable folder; ${(cause as Error).message}.`, { cause });
  }
}
