import { IntegrityError } from '@hybridcam/core';
import type { z } from 'zod';
import { firstIssue } from './first-issue.ts';
import { readLines } from './read-lines.ts';

/**
 * Lines of a run folder, each as the schema for it says; no file is no lines.
 * @throws IntegrityError naming line and field; what `readLines` throws
 */
export async function* checkedLines<T>(
  path: string,
  schemaFor: (line: object) => z.ZodType<T>,
): AsyncGenerator<T> {
  for await (const { value, number } of readLines(path, 'ours')) {
    const { error } = schemaFor(value).safeParse(value);
    if (error)
      throw new IntegrityError(
        `bench: expected what this version writes on line ${number} of ${path}; received ${firstIssue(error, value)}. The file was edited or damaged, or another version wrote it; remove that line to continue.`,
      );
    // Not what the schema gives, which is a copy.
    yield value as T;
  }
}
