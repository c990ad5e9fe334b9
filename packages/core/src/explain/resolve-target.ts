import { logit } from '../target/logit.ts';
import type { ClassSelector } from '../target/resolve-class.ts';
import { argmax } from '../target/scores.ts';
import { signedScore } from '../target/signed-score.ts';
import { assertClassIndices, type ScoreKind, type Target } from '../target/target.ts';
import type * as everyRequest from './every-request.ts';
import type { Plan } from './plan-request.ts';

/**
 * The target of a request, once there are scores [classes]. `every` reads labels and ranks, which plain requests do not have.
 * @throws ClassNotFoundError
 */
export function resolveTarget(
  { request, method: { facts, variant } }: Plan,
  scores: Float32Array,
  kind: ScoreKind,
  labels: readonly string[] | undefined,
  every: typeof everyRequest | undefined,
): Target {
  const { target, classIndex } = request;
  if (typeof target === 'object') return target;
  if (target === undefined && classIndex === undefined && scores.length === 1) {
    return signedScore(scores[0]! >= (kind === 'logit' ? 0 : 0.5) ? 1 : -1);
  }
  const index =
    every === undefined
      ? plainClass(classIndex, scores)
      : every.resolveClass(classIndex ?? 'top1', scores, labels);
  if (target !== undefined) return target(index);
  return facts.ofProbability?.includes(variant) ? every!.probability(index) : logit(index);
}

function plainClass(selector: ClassSelector | undefined, scores: Float32Array): number {
  if (typeof selector !== 'number') return argmax(scores);
  assertClassIndices('resolveClass', [selector], scores.length);
  return selector;
}
