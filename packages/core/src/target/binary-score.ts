import { OptionError } from '../errors.ts';
import { signedScore } from './signed-score.ts';
import type { Target } from './target.ts';

/**
 * A single-output model's score (`sign` 1), or its negative (`sign` −1): the evidence for, or against, the positive class.
 * @throws OptionError for another sign
 * @example binaryScore(-1)
 */
export function binaryScore(sign: 1 | -1): Target {
  if (sign !== 1 && sign !== -1) {
    throw new OptionError(`binaryScore: expected sign 1 or -1; received ${sign}.`);
  }
  return signedScore(sign);
}
