import { type ArrayView, pack, throwIfAborted, view } from '@hybridcam/core';
import type { BaselineName, BaselineOptions } from './baseline.ts';
import { copyColumn, scoreOf } from './score-rows.ts';
import { shareOnce } from './share-once.ts';
import type { Subject } from './subject.ts';

/**
 * Scores of baselines that do not depend on the image, for all classes: shared by the images of a run, so that f(baseline) is computed
 * once and not for each. Of one subject.
 */
export type SharedBaselineScores = Map<string, Promise<ArrayView>>;

const SAME_FOR_EVERY_IMAGE: readonly BaselineName[] = ['zero', 'black', 'noise'];

/** f(baseline) of a class, from `shared` where the baseline is the same for every image. */
export async function baselineScore(
  subject: Subject,
  empty: ArrayView,
  name: BaselineName,
  { black, seed = 0 }: BaselineOptions,
  classIndex: number,
  shared: SharedBaselineScores | undefined,
): Promise<number> {
  if (!shared || !SAME_FOR_EVERY_IMAGE.includes(name)) return scoreOf(subject, empty, classIndex);
  const key = JSON.stringify([
    name,
    empty.shape,
    name === 'black' ? black : null,
    name === 'noise' ? seed : null,
  ]);
  const row = await shareOnce(shared, key, async () => {
    throwIfAborted(subject.signal, 'baselineScore');
    return subject.score(view(pack(empty), [1, ...empty.shape]));
  });
  const score = new Float64Array(1);
  copyColumn(row, classIndex, score);
  return score[0]!;
}
