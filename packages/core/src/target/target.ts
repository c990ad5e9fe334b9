import { ClassNotFoundError } from '../errors.ts';
import type { ForwardPass } from '../model.ts';

export type ScoreKind = ForwardPass['scoreKind'];

/** What is explained: a scalar function y of one image's scores, and its gradient with respect to them. */
export interface Target {
  /** For records and people, for example `logit(281)`. */
  readonly description: string;
  /** The class it speaks of, where there is one. */
  readonly classIndex: number | undefined;
  /** y = Σ_c gradient_c · score_c for constant coefficients: then an evidence ledger exists. */
  readonly linear: boolean;
  /** `scores` [classes]; `kind` says whether they are logits or probabilities. */
  value(scores: ArrayLike<number>, kind: ScoreKind): number;
  /** ∂y/∂scores [classes]. */
  gradient(scores: ArrayLike<number>, kind: ScoreKind): Float64Array;
}

/** A target Σ coefficient_c · score_c of a few classes. */
export function linearTarget(
  description: string,
  classIndex: number | undefined,
  coefficients: ReadonlyMap<number, number>,
): Target {
  return {
    description,
    classIndex,
    linear: true,
    value(scores) {
      assertClassIndices(description, coefficients.keys(), scores.length);
      let sum = 0;
      for (const [c, coefficient] of coefficients) sum += coefficient * scores[c]!;
      return sum;
    },
    gradient(scores) {
      assertClassIndices(description, coefficients.keys(), scores.length);
      const gradient = new Float64Array(scores.length);
      for (const [c, coefficient] of coefficients) gradient[c] = coefficient;
      return gradient;
    },
  };
}

/** @throws ClassNotFoundError unless every index is one of `classCount` classes */
export function assertClassIndices(where: string, indices: Iterable<number>, classCount: number): void {
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= classCount) {
      throw new ClassNotFoundError(
        `${where}: expected a class index from 0 to ${classCount - 1}; received ${index}.`,
      );
    }
  }
}
