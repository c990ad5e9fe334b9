import { type ArrayView, pack, view } from '@hybridcam/core';
import type { BaselineName, BaselineOptions } from './baseline.ts';
import { copyColumn, scoreOf } from './score-rows.ts';
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
  let row = shared.get(key);
  if (!row) {
    row = subject.score(view(pack(empty), [1, ...empty.shape]));
    shared.set(key, row);
    // What was interrupted is asked again.
    row.catch(() => shared.delete(key));
  }
  const score = new Float64Array(1);
  copyColumn(await row, classIndex, score);
  return score[0]!;
}
