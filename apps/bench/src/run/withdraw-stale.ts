import type { Evaluation } from '../evaluation/evaluation.ts';
import { itemKeys } from '../evaluation/record-key.ts';
import type { ImageItem } from '../images/image-item.ts';
import type { RunFolder } from '../records/run-folder.ts';
import type { PendingItem } from './items-of-plan.ts';

/**
 * Takes back the records in the folder that an image, as it is now, has made wrong, but for those that an image before it counts on: two
 * files of the same bytes share theirs. Comes before asking what an image lacks. A scene never changes.
 */
export async function withdrawStale(
  pending: PendingItem,
  item: ImageItem,
  evaluation: Evaluation,
  folder: RunFolder,
): Promise<void> {
  if (!pending.truths) return;
  const { name, sha256 } = item;
  const truths = await pending.truths();
  folder.keepKeys(itemKeys(evaluation, item));
  const withdrawn = folder.staleKeys({ name, sha256, truths });
  if (withdrawn.length > 0) await folder.add({ records: [], curves: [], withdrawn });
}
