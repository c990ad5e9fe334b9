import { type ArrayView, pack, ShapeError, throwIfAborted, view } from '@hybridcam/core';
import type { Subject } from '../subject.ts';

/**
 * Share of re-rendered backgrounds under which the prediction stays the same, 0 … 1, higher is better. `swapped` are inputs
 * [channels, height, width] that differ from the original in the background only. Costs one forward pass per background and one more.
 * @throws ShapeError when no background is given
 */
export async function backgroundIndependence(
  subject: Subject,
  input: ArrayView,
  swapped: readonly ArrayView[],
): Promise<number> {
  if (swapped.length === 0)
    throw new ShapeError('backgroundIndependence: expected one or more re-rendered inputs; received none.');
  const predicted = await prediction(subject, input);
  let unchanged = 0;
  for (const other of swapped) if ((await prediction(subject, other)) === predicted) unchanged++;
  return unchanged / swapped.length;
}

async function prediction(subject: Subject, input: ArrayView): Promise<number> {
  throwIfAborted(subject.signal, 'backgroundIndependence');
  const scores = pack(await subject.score(view(pack(input), [1, ...input.shape])));
  let best = 0;
  for (let c = 1; c < scores.length; c++) if (scores[c]! > scores[best]!) best = c;
  return best;
}
