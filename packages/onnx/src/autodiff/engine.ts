import type { BackwardContext, BackwardEngine, BackwardRequest } from '../backward.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { createBackwardPass } from './backward-session.ts';
import { blockedBy, type GradientFlow, gradientFlow } from './path.ts';
import { type BackwardPlan, planBackward } from './plan.ts';
import type { RuleOptions } from './rule.ts';

export const DEFAULT_RULE_OPTIONS: RuleOptions = { convolution: 'flip', maxPool: 'compare' };

/** Reverse-mode differentiation as the model adapter uses it. */
export function createEngine(options: Partial<RuleOptions> = {}): BackwardEngine {
  const rules = { ...DEFAULT_RULE_OPTIONS, ...options };
  const known = new WeakMap<GraphIndex, Knowledge>();
  const knowledgeOf = ({ graph, scores }: BackwardContext): Knowledge => {
    const earlier = known.get(graph);
    if (earlier?.flow.scores === scores) return earlier;
    const knowledge = { flow: gradientFlow(graph, scores), plans: new Map<string, BackwardPlan>() };
    known.set(graph, knowledge);
    return knowledge;
  };
  return {
    blockedBy: (layer, context) => blockedBy(knowledgeOf(context).flow, layer),
    prepare: async (request, context) => {
      const { plans } = knowledgeOf(context);
      const plan =
        plans.get(keyOf(request, true)) ??
        plans.get(keyOf(request, false)) ??
        (await planFor(request, context, rules));
      plans.set(keyOf(request, plan.inputDims[0] === undefined), plan);
      return createBackwardPass(plan, context.ort, context.sessionOptions);
    },
  };
}

/** What is worth keeping about one model: plans are small, as their weights stay in the model's bytes. */
interface Knowledge {
  readonly flow: GradientFlow;
  readonly plans: Map<string, BackwardPlan>;
}

function keyOf({ layers, inputShape }: BackwardRequest, anyBatch: boolean): string {
  return JSON.stringify([layers, anyBatch ? 'any' : inputShape[0], inputShape.slice(1)]);
}

function planFor(
  request: BackwardRequest,
  { graph, files, scores, ort, sessionBytes, sessionOptions }: BackwardContext,
  options: RuleOptions,
): Promise<BackwardPlan> {
  const self = sessionOptions.externalData?.find(
    (file) => typeof file === 'object' && 'data' in file && file.data === graph.model.bytes,
  );
  return planBackward({
    graph,
    files,
    layers: request.layers,
    scores,
    options,
    ort,
    sessionBytes,
    sessionOptions,
    self: typeof self === 'object' ? self.path : undefined,
    inputShape: request.inputShape,
    signal: request.signal,
  });
}
