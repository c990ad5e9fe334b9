import type { CheckpointFile } from '../registry/zoo-entry.ts';
import { cacheStore, memoryStore, opfsStore, type SegmentStore } from './segment-store.ts';

/** Where a checkpoint is kept. The name holds the hash: another version of a file is another file. */
export async function openStore(file: CheckpointFile): Promise<SegmentStore> {
  const name = `${file.sha256}-${file.fileName}`;
  for (const open of [opfsStore, cacheStore]) {
    try {
      return await open(name);
    } catch {
      // Not in this browser, or not in this window.
    }
  }
  return memoryStore();
}
