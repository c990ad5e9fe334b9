import { linearTarget, type Target } from './target.ts';

/**
 * The model's own score of one class: its logit, or its probability where the model gives nothing else. The default target,
 * since it does not saturate and does not mix in the other classes.
 * @throws ClassNotFoundError when used with scores that have no such class
 * @example logit(281)
 */
export function logit(classIndex: number): Target {
  return linearTarget(`logit(${classIndex})`, classIndex, new Map([[classIndex, 1]]));
}
