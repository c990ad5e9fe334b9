import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { CamError } from '@hybridcam/core';

/** A folder of the worker's own: what a job names is looked up among the names listed here, so no path from outside is ever opened. */
export interface Mount {
  /** Path by name relative to the folder, with `/` on every system. */
  readonly files: ReadonlyMap<string, string>;
}

/** Lists a folder and those below it. @throws CamError IO when it cannot be read */
export async function listMount(folder: string): Promise<Mount> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return {
      files: new Map(
        entries
          .filter((entry) => entry.isFile())
          .map((entry) => {
            const file = path.join(entry.parentPath, entry.name);
            return [path.relative(folder, file).split(path.sep).join('/'), file] as const;
          }),
      ),
    };
  } catch (cause) {
    throw new CamError('IO', `--mount: expected a readable folder; ${(cause as Error).message}.`, { cause });
  }
}
