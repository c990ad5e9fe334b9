import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { CamError } from '@hybridcam/core';

/** A folder of the worker's own: what a job names is looked up among the names listed here, so no path from outside is ever opened. */
export interface Mount {
  /** Path by name relative to the folder, with `/` on every system. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Lists a folder and those below it. A link to a file counts as one where it leads to a place inside the folder; links to folders are not
 * followed, for they could go in circles.
 * @throws CamError IO when it cannot be read
 */
export async function listMount(folder: string): Promise<Mount> {
  try {
    const inside = `${await realpath(folder)}${path.sep}`;
    const files = new Map<string, string>();
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      const target = entry.isFile() ? file : entry.isSymbolicLink() ? await linked(file, inside) : undefined;
      if (target !== undefined) files.set(path.relative(folder, file).split(path.sep).join('/'), target);
    }
    return { files };
  } catch (cause) {
    throw new CamError('IO', `--mount: expected a readable folder; ${(cause as Error).message}.`, { cause });
  }
}

/** The file that a link leads to; undefined for one that leads nowhere, to a folder or out of the mount. */
async function linked(link: string, inside: string): Promise<string | undefined> {
  const target = await realpath(link).catch(() => undefined);
  if (target === undefined || !target.startsWith(inside)) return undefined;
  return (await stat(target)).isFile() ? target : undefined;
}
