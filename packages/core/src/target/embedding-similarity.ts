import { assertFinite } from '../check.ts';
import { OptionError, ShapeError } from '../errors.ts';
import type { Target } from './target.ts';

/**
 * How alike the model's output is to a reference: the cosine of the angle between them, for models whose output is an embedding (faces,
 * retrieval) instead of scores of classes.
 *
 * `reference` [classes], for example the output for another image; values in [−1, 1].
 *
 *     y = s·r / (|s|·|r|)        ∂y/∂s = ( r/|r| − y · s/|s| ) / |s|
 *
 * An output of zeros has no direction: its value and its gradient are 0.
 * @throws OptionError for a reference of zeros; NonFiniteError; ShapeError when used with an output of another length
 * @example embeddingSimilarity(otherImage.scores.logits.data)
 */
export function embeddingSimilarity(reference: ArrayLike<number>): Target {
  const where = 'embeddingSimilarity';
  assertFinite(where, 'reference', reference);
  const length = norm(reference);
  if (length === 0) throw new OptionError(`${where}: expected a reference with a direction; received zeros.`);
  const direction = Float64Array.from(reference, (value) => value / length);
  const cosine = (scores: ArrayLike<number>): number => {
    if (scores.length !== direction.length) {
      throw new ShapeError(
        `${where}: expected an output of ${direction.length} numbers, like the reference; received ${scores.length}.`,
      );
    }
    const size = norm(scores);
    return size === 0 ? 0 : direction.reduce((sum, value, i) => sum + value * scores[i]!, 0) / size;
  };
  return {
    description: `embeddingSimilarity([${direction.length}])`,
    classIndex: undefined,
    linear: false,
    value: cosine,
    gradient(scores) {
      const y = cosine(scores);
      const size = norm(scores);
      return direction.map((value, i) => (size === 0 ? 0 : (value - (y * scores[i]!) / size) / size));
    },
  };
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}
