import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CamError } from '@hybridcam/core';
import { makeFolder } from './make-folder.ts';
import { systemErrorText } from './system-error.ts';

/**
 * Makes `folder` and proves that files can be made in it, so that a long run fails before its first minute, not after.
 * @throws CamError `IO` naming the folder and the system's reason
 */
export async function assertWritableFolder(folder: string): Promise<void> {
  const probe = join(folder, `.hybridcam.${randomBytes(6).toString('hex')}.part`);
  try {
    await makeFolder(folder);
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    throw new CamError(
      'IO',
      `output folder: expected a folder that can be written; "${folder}": ${systemErrorText(cause)}. Name another one with --out.`,
      { cause },
    );
  }
}
