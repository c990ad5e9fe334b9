import { toProbabilities } from './scores.ts';
import { assertClassIndices, type Target } from './target.ts';

/**
 * The softmax probability of one class (the sigmoid, where the model has one output). Its gradient vanishes as the probability
 * nears 1; prefer `logit` unless the competition between classes is the question.
 *
 *     ∂p_c/∂y_j = p_c · ([j = c] − p_j)
 * @throws ClassNotFoundError when used with scores that have no such class
 * @example probability(281)
 */
export function probability(classIndex: number): Target {
  const description = `probability(${classIndex})`;
  return {
    description,
    classIndex,
    linear: false,
    value(scores, kind) {
      assertClassIndices(description, [classIndex], scores.length);
      return (kind === 'probability' ? scores : toProbabilities(scores))[classIndex]!;
    },
    gradient(scores, kind) {
      assertClassIndices(description, [classIndex], scores.length);
      if (kind === 'probability') return new Float64Array(scores.length).fill(1, classIndex, classIndex + 1);
      const p = toProbabilities(scores);
      const own = p[classIndex]!;
      // 1 − p is the sum over the others: 1 minus a number that rounds to 1 would lose what little gradient there is.
      if (p.length === 1) return Float64Array.of(own / (1 + Math.exp(scores[0]!)));
      const others = p.reduce((sum, value, j) => (j === classIndex ? sum : sum + value), 0);
      return p.map((value, j) => (j === classIndex ? own * others : -own * value));
    },
  };
}
