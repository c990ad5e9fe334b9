import { assertOneOf } from '../check-options.ts';
import { OptionError } from '../errors.ts';
import { toProbabilities } from './scores.ts';
import { assertClassIndices, type Target } from './target.ts';

export interface FinerOptions {
  /** How much of the similar classes is subtracted: γ. Default 0.6 for `torchcam`, 1 for `pytorch-grad-cam`. */
  readonly strength?: number;
  /** How many similar classes: those whose scores are nearest to the class's own. Default 3. */
  readonly references?: number;
  /** Default `torchcam`: the plain mean over the similar classes. `pytorch-grad-cam` weights them by their probability. */
  readonly variant?: 'torchcam' | 'pytorch-grad-cam';
}

/**
 * Finer-CAM's target: what sets a class apart from the classes most like it, for example one bird from its relatives. Use it with
 * Grad-CAM or any other method.
 *
 *     torchcam            y = y_c − γ · mean_r y_r
 *     pytorch-grad-cam    y = Σ_r p_r · (y_c − γ·y_r) / Σ_r p_r
 *
 * No variant is called `paper`: the two published programs disagree in weights and strength, and the paper itself was not at hand to
 * say which is its own.
 *
 * r runs over the similar classes, p is the softmax (and is differentiated).
 *
 * Zhang et al., Finer-CAM: Spotting the Difference Reveals Finer Details for Visual Explanation, CVPR 2025.
 * @throws OptionError for a strength that is not a number ≥ 0, fewer than one reference or another variant; ClassNotFoundError when
 * used with scores that have no such class
 * @example finer(14, { references: 1 })
 */
export function finer(
  classIndex: number,
  { variant = 'torchcam', strength = variant === 'torchcam' ? 0.6 : 1, references = 3 }: FinerOptions = {},
): Target {
  assertOneOf('finer', 'variant', variant, ['torchcam', 'pytorch-grad-cam']);
  if (!(strength >= 0 && Number.isFinite(strength))) {
    throw new OptionError(`finer: expected strength ≥ 0; received ${strength}.`);
  }
  if (!(Number.isInteger(references) && references >= 1)) {
    throw new OptionError(`finer: expected an integer count of references ≥ 1; received ${references}.`);
  }
  const weighted = variant === 'pytorch-grad-cam';
  const similar = (scores: ArrayLike<number>): { index: number; weight: number }[] => {
    assertClassIndices('finer', [classIndex], scores.length);
    const indices = similarClasses(scores, classIndex, references);
    const probabilities = weighted ? toProbabilities(scores) : undefined;
    const weights = indices.map((index) => probabilities?.[index] ?? 1);
    const total = weights.reduce((sum, weight) => sum + weight, weighted ? 1e-9 : 0);
    return indices.map((index, i) => ({ index, weight: weights[i]! / total }));
  };
  const value = (scores: ArrayLike<number>): number =>
    similar(scores).reduce(
      (sum, { index, weight }) => sum + weight * (scores[classIndex]! - strength * scores[index]!),
      0,
    );
  return {
    description: `finer(${classIndex}, ${references} references, strength ${strength}, ${variant})`,
    classIndex,
    // The similar classes are chosen by the scores, but for the scores at hand the sum is one of fixed coefficients.
    linear: !weighted,
    value,
    gradient(scores) {
      const gradient = new Float64Array(scores.length);
      const y = value(scores);
      const probabilities = weighted ? toProbabilities(scores) : undefined;
      let used = 0;
      let shifted = 0;
      for (const { index, weight } of similar(scores)) {
        gradient[classIndex]! += weight;
        gradient[index]! -= weight * strength;
        // ∂p_r/∂y_j = p_r (δ_rj − p_j), through the weights p_r / Σ p.
        const excess = weight * (scores[classIndex]! - strength * scores[index]! - y);
        if (weighted) gradient[index]! += excess;
        used += weight;
        shifted += excess;
      }
      probabilities?.forEach((p, j) => {
        gradient[j]! -= shifted * p;
      });
      return used === 0 ? gradient.fill(0) : gradient;
    },
  };
}

/** The `count` other classes whose scores are nearest, nearest first; equals in index order. */
function similarClasses(scores: ArrayLike<number>, classIndex: number, count: number): number[] {
  const distance = (index: number) => Math.abs(scores[index]! - scores[classIndex]!);
  return Array.from(scores, (_, index) => index)
    .filter((index) => index !== classIndex)
    .sort((a, b) => distance(a) - distance(b) || a - b)
    .slice(0, count);
}
