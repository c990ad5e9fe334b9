import { CamError, throwIfAborted } from '@hybridcam/core';
import { type Evaluation, evaluateImage } from '../evaluation/evaluate-image.ts';
import { contentKey } from '../records/canonical-json.ts';
import { RECORD_VERSION } from '../records/record.ts';
import type { RunFolder } from '../records/run-folder.ts';
import type { PendingItem } from './items-of-plan.ts';

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly name: string;
  /** Images whose numbers existed already. */
  readonly skipped: number;
  readonly failed: number;
}

/** Evaluates every image into the folder, one after the other; what exists is passed over. */
export async function runEvaluation(
  evaluation: Evaluation,
  items: readonly PendingItem[],
  folder: RunFolder,
  onProgress: (progress: RunProgress) => void,
): Promise<RunProgress> {
  let progress: RunProgress = { done: 0, total: items.length, name: '', skipped: 0, failed: 0 };
  for (const pending of items) {
    throwIfAborted(evaluation.signal, 'run');
    const result = await openAndEvaluate(evaluation, pending, folder);
    await folder.add(result);
    progress = {
      done: progress.done + 1,
      total: items.length,
      name: pending.name,
      skipped: progress.skipped + (result.records.length === 0 && !result.failure ? 1 : 0),
      failed: progress.failed + (result.failure ? 1 : 0),
    };
    onProgress(progress);
  }
  return progress;
}

async function openAndEvaluate(
  evaluation: Evaluation,
  pending: PendingItem,
  folder: RunFolder,
): ReturnType<typeof evaluateImage> {
  try {
    return await evaluateImage(evaluation, await pending.open(evaluation.signal), folder.keys);
  } catch (error) {
    // A file that vanished or cannot be read is a row; anything that is not about this image ends the run.
    if (!(error instanceof CamError) || (error.code !== 'NOT_FOUND' && error.code !== 'IO')) throw error;
    const key = contentKey([evaluation.protocolHash, pending.name, 'failure']);
    const failure = {
      v: RECORD_VERSION,
      key,
      image: pending.name,
      error: { code: error.code, message: error.message },
    } as const;
    return { records: [], curves: [], failure };
  }
}
