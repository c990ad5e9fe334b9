import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { isRecordedHash } from '../download/hash.ts';
import { zooEntry } from '../registry/zoo.ts';
import type { CheckpointFile } from '../registry/zoo-entry.ts';
import { openStore } from './open-store.ts';
import { segmentPartial } from './segment-partial.ts';

/**
 * How many bytes of a checkpoint this browser keeps; 0: none. It may be a part, from a download that was cut short.
 * @param source a name of the zoo, or any file whose hash is known
 * @throws OptionError for an unknown name
 */
export async function keptBytes(source: string | CheckpointFile): Promise<number> {
  const store = await openStore(fileOf(source));
  return (await store.sizes()).reduce((sum, size) => sum + size, 0);
}

/**
 * The verified bytes of a checkpoint that `fetchCheckpoint` left whole in this browser, else undefined; the network is not asked.
 * @throws OptionError for an unknown name
 * @example const bytes = (await readKeptCheckpoint('resnet50')) ?? (await fetchCheckpoint('resnet50')).bytes;
 */
export async function readKeptCheckpoint(source: string | CheckpointFile): Promise<Uint8Array | undefined> {
  const file = fileOf(source);
  const kept = await segmentPartial(await openStore(file));
  if (kept.size === 0 || (file.bytes !== undefined && kept.size !== file.bytes)) return undefined;
  const bytes = await kept.bytes();
  return isRecordedHash(bytesToHex(sha256(bytes)), file.sha256) ? bytes : undefined;
}

/**
 * Frees the room of a checkpoint, or of the part of one.
 * @throws OptionError for an unknown name
 */
export async function removeKeptCheckpoint(source: string | CheckpointFile): Promise<void> {
  await (await openStore(fileOf(source))).clear();
}

function fileOf(source: string | CheckpointFile): CheckpointFile {
  return typeof source === 'string' ? zooEntry(source).checkpoint : source;
}
