import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

export interface TemporaryCache {
  readonly folder: string;
  /** An environment that knows this cache and nothing else of the machine. */
  readonly env: Readonly<Record<string, string>>;
  /** Names in the cache's folder of checkpoints. */
  names(): Promise<string[]>;
  file(name: string): string;
}

/** An empty cache, removed when the test ends. */
export async function temporaryCache(): Promise<TemporaryCache> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hybridcam-zoo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const checkpoints = path.join(folder, 'ours', 'checkpoints');
  return {
    folder,
    env: {
      HYBRIDCAM_CACHE: path.join(folder, 'ours'),
      HOME: folder,
      XDG_CACHE_HOME: path.join(folder, 'xdg'),
    },
    names: () => readdir(checkpoints).catch(() => []),
    file: (name) => path.join(checkpoints, name),
  };
}
