import { throwIfAborted } from '@hybridcam/core';
import { evaluateMissing } from '../evaluation/evaluate-image.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { type MissingRow, missingRows } from '../evaluation/missing-rows.ts';
import type { ImageItem } from '../images/image-item.ts';
import type { ImageResult, RunFolder } from '../records/run-folder.ts';
import type { PendingItem } from './items-of-plan.ts';
import { unopenedRow } from './unopened-row.ts';
import { withdrawStale } from './withdraw-stale.ts';

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly name: string;
  /** Images whose numbers existed already. */
  readonly skipped: number;
  readonly failed: number;
}

/**
 * Evaluates every image into the folder, in order; what exists is passed over. While the runtime computes one image, the next is decoded
 * and the one before is written.
 */
export async function runEvaluation(
  evaluation: Evaluation,
  items: readonly PendingItem[],
  folder: RunFolder,
  onProgress: (progress: RunProgress) => void,
): Promise<RunProgress> {
  let progress: RunProgress = { done: 0, total: items.length, name: '', skipped: 0, failed: 0 };
  let written: Promise<void> = Promise.resolve();
  let next = items[0] && openItem(evaluation, items[0], folder);
  try {
    for (const [index, pending] of items.entries()) {
      throwIfAborted(evaluation.signal, 'run');
      const current = await next!;
      // Not before: what the current one takes back, the next may lack.
      next = items[index + 1] && openItem(evaluation, items[index + 1]!, folder);
      const result = await evaluateOpened(evaluation, pending, current);
      await written;
      written = folder.add(result);
      // Met by the next `await written`; until then it must not count as unhandled.
      written.catch(() => {});
      progress = {
        done: progress.done + 1,
        total: items.length,
        name: pending.name,
        skipped: progress.skipped + (result.records.length === 0 && !result.failure ? 1 : 0),
        failed: progress.failed + (result.failure ? 1 : 0),
      };
      onProgress(progress);
    }
  } finally {
    await written;
  }
  return progress;
}

/** An image with its decoding under way, and what it lacks; or why it cannot be opened. */
type OpenedItem =
  | {
      readonly item: ImageItem;
      readonly missing: readonly MissingRow[];
    }
  | { readonly error: unknown };

async function openItem(
  evaluation: Evaluation,
  pending: PendingItem,
  folder: RunFolder,
): Promise<OpenedItem> {
  try {
    const item = await pending.open(evaluation.signal);
    await withdrawStale(pending, item, evaluation, folder);
    const missing = missingRows(evaluation, item, folder.keys);
    if (missing.length === 0) return { item, missing };
    const decoded = item.decode();
    // Met when the image is evaluated.
    decoded.catch(() => {});
    return { item: { ...item, decode: () => decoded }, missing };
  } catch (error) {
    return { error };
  }
}

async function evaluateOpened(
  evaluation: Evaluation,
  pending: PendingItem,
  opened: OpenedItem,
): Promise<ImageResult> {
  if ('item' in opened) return evaluateMissing(evaluation, opened.item, opened.missing);
  return unopenedRow(pending.name, evaluation.protocolHash, opened.error);
}
