import { type FileHandle, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { CamError } from '@hybridcam/core';
import type { PartialFile } from '../download/partial-file.ts';

/** A partial file on disk, open for writing; `close` flushes it to the device. */
export interface OpenPartialFile extends PartialFile {
  close(): Promise<void>;
}

/** @throws CamError `IO` when the disk refuses */
export async function openFilePartial(file: string): Promise<OpenPartialFile> {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CamError('IO', `fetch: expected to write ${path.basename(file)} into the cache; ${reason}.`, {
        cause,
      });
    }
  };
  const handle = await attempt(async () => {
    await mkdir(path.dirname(file), { recursive: true });
    // Not 'a': positions are ours, so that bytes of a killed process can be cut off.
    return open(file, 'r+').catch(() => open(file, 'wx+'));
  });
  let size = (await attempt(() => handle.stat())).size;
  return {
    get size() {
      return size;
    },
    read: () => chunks(handle, size),
    append: (bytes) =>
      attempt(async () => {
        for (let written = 0; written < bytes.length; ) {
          const result = await handle.write(bytes, written, bytes.length - written, size + written);
          written += result.bytesWritten;
        }
        size += bytes.length;
      }),
    clear: () =>
      attempt(async () => {
        await handle.truncate(0);
        size = 0;
      }),
    close: () =>
      attempt(async () => {
        await handle.sync().finally(() => handle.close());
      }),
  };
}

async function* chunks(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1 << 20);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
