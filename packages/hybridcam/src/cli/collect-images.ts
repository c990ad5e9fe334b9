import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CamError, throwIfAborted } from '@hybridcam/core';
import { systemErrorCode, systemErrorText } from '../system-error.ts';

/** A file to explain, or why there is none: one bad path does not stop the others. */
export type ImageEntry =
  | { readonly path: string; readonly error?: undefined }
  | { readonly path: string; readonly error: CamError };

const IMAGE_EXTENSION = /\.(jpe?g|png|webp)$/i;

/**
 * The image files behind paths: a file stands for itself, whatever its name; a folder for the JPEG, PNG and WebP files
 * directly in it, sorted by name. A file reached twice is taken once. An empty folder is an error, not silence.
 */
export async function collectImages(paths: readonly string[], signal?: AbortSignal): Promise<ImageEntry[]> {
  const seen = new Set<string>();
  const entries: ImageEntry[] = [];
  for (const path of paths) {
    throwIfAborted(signal, 'explain');
    for (const entry of await expand(path)) {
      const key = resolve(entry.path);
      if (!seen.has(key)) entries.push(entry);
      seen.add(key);
    }
  }
  return entries;
}

async function expand(path: string): Promise<ImageEntry[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ path }];
    const names = (await readdir(path, { withFileTypes: true }))
      .filter(
        (entry) => !entry.isDirectory() && !entry.name.startsWith('.') && IMAGE_EXTENSION.test(entry.name),
      )
      .map((entry) => entry.name)
      // By code unit, not by locale: the same order on every machine.
      .sort((a, b) => (a < b ? -1 : 1));
    if (names.length === 0) {
      const message = `image: expected JPEG, PNG or WebP files in the folder; "${path}" has none.`;
      return [{ path, error: new CamError('NOT_FOUND', message) }];
    }
    return names.map((name) => ({ path: join(path, name) }));
  } catch (cause) {
    const code = systemErrorCode(cause) === 'ENOENT' ? 'NOT_FOUND' : 'IO';
    const message = `image: expected a file or folder; "${path}": ${systemErrorText(cause)}.`;
    return [{ path, error: new CamError(code, message, { cause }) }];
  }
}
