import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { CamError, LimitError } from '@hybridcam/core';
import { maxFileBytes } from '../decode-options.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
};

/**
 * The bytes of a regular file.
 * @throws CamError `NOT_FOUND` when there is none, `IO` when it is a folder or cannot be read
 * @throws LimitError when it is larger than 512 MiB
 */
export async function readFile(path: string | URL, where: string): Promise<Uint8Array> {
  try {
    // Non-blocking: opening a FIFO that nobody writes to would otherwise wait for ever.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await file.stat();
      if (!status.isFile()) {
        const kind = status.isDirectory() ? 'a folder' : 'something that is not a regular file';
        throw new CamError('IO', `${where}: expected an image file; received ${kind}.`);
      }
      if (status.size > maxFileBytes) {
        throw new LimitError(`${where}: expected at most ${maxFileBytes} bytes; received ${status.size}.`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof CamError ? cause : fileError(cause, where);
  }
}

function fileError(cause: unknown, where: string): CamError {
  const systemCode = String((cause as NodeJS.ErrnoException)?.code);
  const code = systemCode === 'ENOENT' || systemCode === 'ENOTDIR' ? 'NOT_FOUND' : 'IO';
  const reason = remedies[systemCode] ?? `the system says ${systemCode}`;
  return new CamError(code, `${where}: expected a readable image file; received a path where ${reason}.`, {
    cause,
  });
}
