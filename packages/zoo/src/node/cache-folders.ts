import { homedir } from 'node:os';
import path from 'node:path';
import type { CheckpointFile } from '../registry/zoo-entry.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where our files lie: `$HYBRIDCAM_CACHE`, else `$XDG_CACHE_HOME/hybridcam`, else `~/.cache/hybridcam` (on Windows
 * `%LOCALAPPDATA%\hybridcam`).
 */
export function cacheFolder(env: Environment): string {
  const own = absolute(env['HYBRIDCAM_CACHE']);
  if (own !== undefined) return own;
  const local = process.platform === 'win32' ? absolute(env['LOCALAPPDATA']) : undefined;
  return local === undefined ? path.join(userCache(env), 'hybridcam') : path.join(local, 'hybridcam');
}

/** A place where another tool may have left the same file. */
export interface Place {
  readonly of: 'hybridcam' | 'torch' | 'huggingface';
  readonly file: string;
}

/** Where a checkpoint may lie already, ours first. Other tools' caches are only read. */
export function cachePlaces(file: CheckpointFile, env: Environment): Place[] {
  const torch = absolute(env['TORCH_HOME']) ?? path.join(userCache(env), 'torch');
  return [
    { of: 'hybridcam', file: path.join(cacheFolder(env), 'checkpoints', file.fileName) },
    { of: 'torch', file: path.join(torch, 'hub', 'checkpoints', file.fileName) },
  ];
}

/** Hugging Face's cache: models--ORGANISATION--NAME/blobs/SHA256. */
export function huggingFaceHub(env: Environment): string {
  return (
    absolute(env['HF_HUB_CACHE']) ??
    absolute(env['HUGGINGFACE_HUB_CACHE']) ??
    path.join(absolute(env['HF_HOME']) ?? path.join(userCache(env), 'huggingface'), 'hub')
  );
}

function userCache(env: Environment): string {
  return absolute(env['XDG_CACHE_HOME']) ?? path.join(absolute(env['HOME']) ?? homedir(), '.cache');
}

/** Relative and empty values mean nothing (XDG says so): a cache must not depend on the working folder. */
function absolute(value: string | undefined): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}
