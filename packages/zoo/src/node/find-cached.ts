import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { hashText, isRecordedHash } from '../download/hash.ts';
import type { CheckpointFile } from '../registry/zoo-entry.ts';
import { cachePlaces, type Environment, huggingFaceHub, type Place } from './cache-folders.ts';
import { hashFile } from './hash-file.ts';

export interface CacheSearch {
  readonly found: Place | undefined;
  /** Where was looked, and what was wrong there: for the message when nothing is found. */
  readonly looked: readonly string[];
}

/**
 * The first whole copy of a checkpoint, its hash taken anew. A damaged copy of ours is removed; in other tools' caches nothing is touched.
 */
export async function findCached(
  file: CheckpointFile,
  env: Environment,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: (done: number, total: number) => void;
  } = {},
): Promise<CacheSearch> {
  const looked: string[] = [];
  const places = [...cachePlaces(file, env), ...(await huggingFacePlaces(file, env))];
  for (const place of places) {
    const facts = await hashFile(place.file, options.signal, options.onBytes);
    if (facts === undefined) {
      looked.push(place.file);
      continue;
    }
    const whole = file.bytes === undefined || facts.bytes === file.bytes;
    if (whole && isRecordedHash(facts.sha256, file.sha256)) return { found: place, looked };
    looked.push(`${place.file} (${facts.bytes} bytes with sha256 ${facts.sha256}: not this file)`);
    if (place.of === 'hybridcam') await rm(place.file, { force: true });
  }
  if (!looked.some((place) => place.startsWith(huggingFaceHub(env)))) looked.push(huggingFaceHub(env));
  return { found: undefined, looked };
}

/** Files in that cache are named by their hash. */
async function huggingFacePlaces(file: CheckpointFile, env: Environment): Promise<Place[]> {
  const hub = huggingFaceHub(env);
  const repositories = await readdir(hub).catch(() => [] as string[]);
  const places: Place[] = [];
  for (const repository of repositories.filter((name) => name.startsWith('models--'))) {
    const blobs = path.join(hub, repository, 'blobs');
    for (const blob of await readdir(blobs).catch(() => [] as string[])) {
      if (/^[0-9a-f]{64}$/.test(blob) && isRecordedHash(blob, file.sha256)) {
        places.push({ of: 'huggingface', file: path.join(blobs, blob) });
      }
    }
  }
  return places;
}

/** What to do by hand, with everything needed to do it. */
export function byHand(file: CheckpointFile, env: Environment): string {
  const size = file.bytes === undefined ? '' : `${file.bytes} bytes, `;
  return `Put ${file.fileName} (${size}sha256 ${hashText(file.sha256)}, from ${file.url}) at ${cachePlaces(file, env)[0]!.file}, or set HYBRIDCAM_CACHE or TORCH_HOME.`;
}
