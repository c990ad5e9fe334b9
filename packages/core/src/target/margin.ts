import { OptionError } from '../errors.ts';
import { linearTarget, type Target } from './target.ts';

/**
 * score_a − score_b: what speaks for class a rather than class b.
 * @throws OptionError when both are one class; ClassNotFoundError when used with scores that lack one
 * @example margin(281, 285)  // tabby rather than Egyptian cat
 */
export function margin(classIndex: number, otherClassIndex: number): Target {
  if (classIndex === otherClassIndex) {
    throw new OptionError(`margin: expected two different classes; received ${classIndex} twice.`);
  }
  const coefficients = new Map([
    [classIndex, 1],
    [otherClassIndex, -1],
  ]);
  return linearTarget(`margin(${classIndex}, ${otherClassIndex})`, classIndex, coefficients);
}
