import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
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
  await cutTornLine(file);
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

/**
 * Whole lines of a file, parsed. No file is no lines.
 * @param options `torn`: a last line that does not parse is passed over in files of ours, which a run may be writing; one that people
 * wrote is refused. Default: `skip`.
 * @throws CamError INTEGRITY for any other line that is no JSON object
 */
export async function* readLines<T>(
  path: string,
  options: { readonly torn: 'skip' | 'refuse' } = { torn: 'skip' },
): AsyncGenerator<T> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return;
  const lines = createInterface({
    input: createReadStream(path, { encoding: 'utf8' }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let held: string | undefined;
  let number = 0;
  for await (const line of lines) {
    if (held !== undefined) yield parseLine<T>(held, path, number);
    held = line;
    number++;
  }
  // The last line counts only when it parses: a reader may look while a writer writes.
  if (held === undefined || held === '') return;
  let last: T;
  try {
    last = parseLine<T>(held, path, number);
  } catch (error) {
    if (options.torn === 'refuse') throw error;
    return;
  }
  yield last;
}

function parseLine<T>(line: string, path: string, number: number): T {
  const refused = (cause?: unknown) =>
    new CamError(
      'INTEGRITY',
      `bench: line ${number} of ${path} is not a JSON object. The file was edited or damaged; remove that line to continue.`,
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw refused(cause);
  }
  if (typeof value !== 'object' || value === null) throw refused();
  return value as T;
}
