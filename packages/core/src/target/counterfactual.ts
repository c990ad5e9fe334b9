import type { Target } from './target.ts';

/**
 * The negative of a target: where the evidence *against* it lies. Selvaraju et al. call these counterfactual explanations.
 * @example counterfactual(logit(281))
 */
export function counterfactual(target: Target): Target {
  return {
    ...target,
    description: `counterfactual(${target.description})`,
    value: (scores, kind) => -target.value(scores, kind),
    gradient: (scores, kind) => target.gradient(scores, kind).map((slope) => -slope),
  };
}
