import { OptionError } from '../errors.ts';
import { linearTarget, type Target } from './target.ts';

/**
 * The scores of several classes together: what speaks for all of them, for models that name more than one thing in an image.
 *
 *     y = Σ_c weight_c · score_c
 *
 * `labels` are class indices, each with weight 1, or a map from index to weight; negative weights speak against.
 * @throws OptionError for no classes, one twice, or a weight that is not finite; ClassNotFoundError when used with scores that lack one
 * @example multiLabel([3, 17])
 * @example multiLabel(new Map([[3, 0.8], [17, 0.2]]))
 */
export function multiLabel(labels: readonly number[] | ReadonlyMap<number, number>): Target {
  const weights = new Map(
    labels instanceof Map ? labels : (labels as readonly number[]).map((index) => [index, 1]),
  );
  const count = labels instanceof Map ? labels.size : (labels as readonly number[]).length;
  if (count === 0 || weights.size < count) {
    throw new OptionError(
      `multiLabel: expected at least one class, each once; received ${count === 0 ? 'none' : labels}.`,
    );
  }
  const bad = [...weights].find(([, weight]) => !Number.isFinite(weight));
  if (bad)
    throw new OptionError(`multiLabel: expected finite weights; received ${bad[1]} for class ${bad[0]}.`);
  const terms = [...weights].map(([index, weight]) => (weight === 1 ? `${index}` : `${weight}·${index}`));
  return linearTarget(`multiLabel(${terms.join(' + ')})`, undefined, weights);
}
