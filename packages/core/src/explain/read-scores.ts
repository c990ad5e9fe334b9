import { readArray } from '../check.ts';
import type { ForwardPass } from '../model.ts';
import { toProbabilities } from '../target/scores.ts';
import { view } from '../view.ts';
import type { Scores } from './explanation.ts';

/** The scores of the pass's one image. @throws NonFiniteError: NaN weights show up here */
export function readScores(pass: ForwardPass): { readonly raw: Float32Array; readonly scores: Scores } {
  const raw = readArray('explain', 'scores', pass.logits.pick(0, null), ['classes']).slice();
  const shape = [raw.length];
  const scores =
    pass.scoreKind === 'logit'
      ? { logits: view(raw, shape), probabilities: view(Float32Array.from(toProbabilities(raw)), shape) }
      : { logits: undefined, probabilities: view(raw, shape) };
  return { raw, scores };
}
