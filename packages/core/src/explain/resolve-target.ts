import { binaryScore } from '../target/binary-score.ts';
import { logit } from '../target/logit.ts';
import { resolveClass } from '../target/resolve-class.ts';
import type { ScoreKind, Target } from '../target/target.ts';
import type { ExplainRequest } from './explain-request.ts';

/**
 * The target of a request, once there are scores [classes]; `usual` makes the one for a class where the request names none.
 * @throws ClassNotFoundError
 */
export function resolveTarget(
  { target, classIndex }: ExplainRequest,
  scores: Float32Array,
  kind: ScoreKind,
  labels: readonly string[] | undefined,
  usual: (classIndex: number) => Target = logit,
): Target {
  if (typeof target === 'object') return target;
  if (target === undefined && classIndex === undefined && scores.length === 1) {
    return binaryScore(scores[0]! >= (kind === 'logit' ? 0 : 0.5) ? 1 : -1);
  }
  return (target ?? usual)(resolveClass(classIndex ?? 'top1', scores, labels));
}
