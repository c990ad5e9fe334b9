import { assertFinite } from '../check.ts';
import type { ForwardPass, Model } from '../model.ts';
import { toProbabilities } from '../target/scores.ts';
import { pack, view } from '../view.ts';
import type { Scores } from './explanation.ts';

/** The scores of the pass's one image. @throws NonFiniteError: NaN weights show up here */
export function readScores(
  pass: ForwardPass,
  outputShape: Model['outputShape'],
): { readonly raw: Float32Array; readonly scores: Scores } {
  const raw = pack(pass.logits);
  assertFinite('explain', 'scores', raw);
  const shape = [raw.length];
  if (outputShape !== undefined) {
    return { raw, scores: { logits: view(raw, shape), probabilities: view(new Float32Array(0), [0]) } };
  }
  const scores =
    pass.scoreKind === 'logit'
      ? { logits: view(raw, shape), probabilities: view(new Float32Array(toProbabilities(raw)), shape) }
      : { logits: undefined, probabilities: view(raw, shape) };
  return { raw, scores };
}
