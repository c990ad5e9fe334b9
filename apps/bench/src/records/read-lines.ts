import { open } from 'node:fs/promises';
import { CamError, LimitError } from '@hybridcam/core';

export interface JsonLine {
  /** A JSON object; what is in it nobody has looked at. */
  readonly value: object;
  /** From 1. */
  readonly number: number;
}

/** The largest line: as much as the results of a whole shard may be. A file without line ends is none of ours. */
const MOST_BYTES = 64 * 2 ** 20;
const CHUNK_BYTES = 65536;
const NEWLINE = 10;

/**
 * Lines of a file, parsed one at a time: nothing is kept of a line that was handed out.
 * @param whose `ours`: a run may be writing, or has not begun, so a last line that does not parse is passed over, and no file is no
 * lines; `people's`: both are refused
 * @throws CamError NOT_FOUND; IO for a file that cannot be read; INTEGRITY for any other line that is no JSON object; LimitError
 */
export async function* readLines(path: string, whose: 'ours' | "people's"): AsyncGenerator<JsonLine> {
  let held: JsonLine | undefined;
  let number = 0;
  try {
    for await (const text of textLines(path)) {
      if (held) yield held;
      else if (number > 0) throw notAnObject(path, number);
      held = parsed(text, ++number);
    }
  } catch (cause) {
    if (cause instanceof CamError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && whose === 'ours') return;
    throw new CamError(
      missing ? 'NOT_FOUND' : 'IO',
      `bench: cannot read ${path}: ${(cause as Error).message}.`,
      { cause },
    );
  }
  if (held) yield held;
  else if (number > 0 && whose === "people's") throw notAnObject(path, number);
}

/** Lines without their ends; a file's end closes the last one, and an empty last one is none. */
async function* textLines(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r');
  try {
    // Devices have no size; some never end.
    if ((await file.stat()).size === 0) return;
    // One for the whole file, and copies of what it cuts in two.
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let begun: Buffer[] = [];
    let size = 0;
    let isFirst = true;
    const take = (end: Buffer): string => {
      const text = (size === 0 ? end : Buffer.concat([...begun, end])).toString('utf8');
      [begun, size] = [[], 0];
      // Some editors put a byte order mark before the first character.
      const line = isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
      isFirst = false;
      return line;
    };
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const bytes = chunk.subarray(0, bytesRead);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        yield take(bytes.subarray(start, end));
        start = end + 1;
      }
      if (start < bytesRead) begun.push(Buffer.from(bytes.subarray(start)));
      size += bytesRead - start;
      if (size > MOST_BYTES)
        throw new LimitError(
          `bench: expected lines of at most ${MOST_BYTES} bytes in ${path}; one is longer.`,
        );
    }
    const last = take(Buffer.alloc(0));
    if (last !== '') yield last;
  } finally {
    await file.close();
  }
}

function parsed(text: string, number: number): JsonLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { value, number } : undefined;
  } catch {
    return undefined;
  }
}

function notAnObject(path: string, number: number): CamError {
  return new CamError(
    'INTEGRITY',
    `bench: line ${number} of ${path} is not a JSON object. The file was edited or damaged; remove that line to continue.`,
  );
}
