import { open } from 'node:fs/promises';
import { CamError } from '@hybridcam/core';

/** A file to which whole lines are appended; after a crash at most the last line is torn, and it is cut off on reopening. */
export interface LineFile {
  /** Appends the lines in one write and waits until they are on disk. */
  append(lines: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

/** @throws CamError IO when the file cannot be opened or written (disk full, read-only) */
export async function openLineFile(path: string): Promise<LineFile> {
  const wrap = (cause: unknown) =>
    new CamError(
      'IO',
      `bench: cannot write ${path}: ${(cause as Error).message}. What was written before is kept; free space and resume.`,
      { cause },
    );
  const file = await open(path, 'a+').catch((cause: unknown) => {
    throw wrap(cause);
  });
  try {
    await cutTornLine(file);
  } catch (cause) {
    await file.close();
    throw wrap(cause);
  }
  return {
    async append(lines) {
      if (lines.length === 0) return;
      const { size } = await file.stat();
      try {
        await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
        await file.datasync();
      } catch (cause) {
        // A disk that fills up half-way leaves a torn line; take it back while we still can.
        await file.truncate(size).catch(() => {});
        throw wrap(cause);
      }
    },
    close: () => file.close(),
  };
}

/** All of them or none. @throws what `openLineFile` throws */
export async function openLineFiles<Name extends string>(
  paths: Readonly<Record<Name, string>>,
): Promise<Record<Name, LineFile>> {
  const names = Object.keys(paths) as Name[];
  const opened = await Promise.allSettled(names.map((name) => openLineFile(paths[name])));
  const files = opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = opened.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await Promise.all(files.map((file) => file.close()));
    throw failed.reason;
  }
  return Object.fromEntries(names.map((name, i) => [name, files[i]])) as Record<Name, LineFile>;
}

async function cutTornLine(file: Awaited<ReturnType<typeof open>>): Promise<void> {
  const { size } = await file.stat();
  const chunk = Buffer.alloc(65536);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const newline = chunk.subarray(0, bytesRead).lastIndexOf(10);
    if (newline >= 0) {
      if (start + newline + 1 < size) await file.truncate(start + newline + 1);
      return;
    }
    end = start;
  }
  if (size > 0) await file.truncate(0);
}
