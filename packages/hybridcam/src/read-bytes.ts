import { open } from 'node:fs/promises';
import { AbortedError, CamError, LimitError } from '@hybridcam/core';
import { systemErrorCode, systemErrorText } from './system-error.ts';

/**
 * The bytes of a file.
 *
 * @param what what the file is to be, for messages: `image`, `model`, `labels`
 * @throws CamError `NOT_FOUND` where nothing is, `IO` where reading fails; LimitError above `maxBytes`; AbortedError
 */
export async function readBytes(
  path: string,
  what: string,
  options: { readonly maxBytes?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const facts = await file.stat();
      if (facts.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      if (options.maxBytes !== undefined && facts.size > options.maxBytes) {
        throw new LimitError(
          `${what}: expected at most ${options.maxBytes} bytes; "${path}" has ${facts.size}. Is it the right file?`,
        );
      }
      const bytes = await file.readFile({ signal: options.signal });
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof CamError) throw cause;
    if (cause instanceof Error && cause.name === 'AbortError') {
      throw new AbortedError(`${what}: aborted while reading "${path}".`, { cause: options.signal?.reason });
    }
    const missing = systemErrorCode(cause) === 'ENOENT';
    throw new CamError(
      missing ? 'NOT_FOUND' : 'IO',
      `${what}: expected a readable file; "${path}": ${systemErrorText(cause)}.`,
      { cause },
    );
  }
}
