import type { ImageItem } from '../images/image-item.ts';
import type { RunFolder } from '../records/run-folder.ts';
import type { PendingItem } from './items-of-plan.ts';

/** Keys of records in the folder that an image, as it is now, has made wrong. A scene never changes. */
export async function staleKeys(
  pending: PendingItem,
  { name, sha256 }: ImageItem,
  folder: RunFolder,
): Promise<string[]> {
  return pending.truths ? folder.staleKeys({ name, sha256, truths: await pending.truths() }) : [];
}
