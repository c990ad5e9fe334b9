import { linearTarget, type Target } from './target.ts';

/** `binaryScore` of a sign that is one. */
export function signedScore(sign: 1 | -1): Target {
  return linearTarget(`binaryScore(${sign})`, 0, new Map([[0, sign]]));
}
