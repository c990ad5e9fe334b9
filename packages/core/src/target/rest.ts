import { UnsupportedError } from '../errors.ts';
import { toProbabilities } from './scores.ts';
import { assertClassIndices, type Target } from './target.ts';

/**
 * ReST, the residual softmax target: the logit and the logarithm of the probability together. Unlike the probability its gradient never
 * vanishes, and unlike the logit it is curved, so that ShapleyCAM with it is not Grad-CAM.
 *
 *     y = s_c + log p_c        ∂y/∂s_j = 2·[j = c] − p_j        (one output, with p the sigmoid: 2 − p)
 *
 * Cai, CAMs as Shapley Value-based Explainers, 2025.
 * @throws ClassNotFoundError when used with scores that have no such class; UnsupportedError when used with probabilities, from which
 * the logit cannot be told
 * @example rest(281)
 */
export function rest(classIndex: number): Target {
  const description = `rest(${classIndex})`;
  const check = (scores: ArrayLike<number>, kind: string): void => {
    assertClassIndices(description, [classIndex], scores.length);
    if (kind === 'probability') {
      throw new UnsupportedError(
        `${description}: expected a model that gives logits; received one that gives probabilities only. Use probability.`,
      );
    }
  };
  return {
    description,
    classIndex,
    linear: false,
    value(scores, kind) {
      check(scores, kind);
      return scores[classIndex]! + logProbability(scores, classIndex);
    },
    gradient(scores, kind) {
      check(scores, kind);
      return toProbabilities(scores).map((p, j) => (j === classIndex ? 2 : 0) - p);
    },
  };
}

/** log p_c without the detour over p, which underflows to 0. */
function logProbability(scores: ArrayLike<number>, classIndex: number): number {
  // A single logit competes with the fixed 0 of the other side.
  const all = scores.length === 1 ? [scores[0]!, 0] : Array.from(scores);
  const max = all.reduce((most, score) => Math.max(most, score));
  const sum = all.reduce((total, score) => total + Math.exp(score - max), 0);
  return scores[classIndex]! - max - Math.log(sum);
}
