import type { BackwardContext, BackwardEngine, BackwardRequest } from '../backward.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { createBackwardPass } from './backward-session.ts';
import { blockedLayer } from './blocked-layer.ts';
import { defaultRules } from './default-rules.ts';
import { type BackwardPlan, handsOverMasks, planBackward } from './plan.ts';
import { createMemoryPlanStore, loadPlan, type PlanKey, type PlanStore, savePlan } from './plan-store.ts';
import type { RuleOptions } from './rule.ts';

/** Reverse-mode differentiation as the model adapter uses it. */
export function createEngine(options: Partial<RuleOptions> = {}): BackwardEngine {
  const rulesFor = ({ sessionOptions }: BackwardContext): RuleOptions => ({
    ...defaultRules(sessionOptions),
    ...options,
  });
  /** Plans are small, as their weights stay in the model's bytes. */
  const known = new WeakMap<GraphIndex, Map<string, BackwardPlan>>();
  const memory = createMemoryPlanStore();
  /** The key of a request, for any batch and for its own; undefined where the model has no fingerprint. */
  const planKeys = async (
    { layers, inputShape }: BackwardRequest,
    context: BackwardContext,
  ): Promise<readonly [any: PlanKey, own: PlanKey] | undefined> => {
    const model = await context.fingerprint?.();
    if (model === undefined) return undefined;
    const { scores, sessionOptions } = context;
    const rules = rulesFor(context);
    const masks = { handsOverMasks: handsOverMasks(sessionOptions) };
    const key = { model, scores, layers, self: selfOf(context), rules, ...masks };
    return [
      { ...key, inputShape: [undefined, ...inputShape.slice(1)] },
      { ...key, inputShape },
    ];
  };
  const storesOf = ({ plans }: BackwardContext): PlanStore[] => (plans ? [memory, plans] : [memory]);
  const keptPlan = async (
    request: BackwardRequest,
    context: BackwardContext,
  ): Promise<BackwardPlan | undefined> => {
    const keys = (await planKeys(request, context)) ?? [];
    for (const store of storesOf(context)) {
      for (const key of keys) {
        const plan = await loadPlan(store, key);
        if (plan) return plan;
      }
    }
    return undefined;
  };
  const newPlan = async (request: BackwardRequest, context: BackwardContext): Promise<BackwardPlan> => {
    const plan = await planFor(request, context, rulesFor(context));
    const keys = await planKeys(request, context);
    const key = keys?.[plan.inputDims[0] === undefined ? 0 : 1];
    if (key) for (const store of storesOf(context)) await savePlan(store, key, plan);
    return plan;
  };
  return {
    blockedBy: blockedLayer,
    prepare: async (request, context) => {
      const { graph, scores } = context;
      const plans = known.get(graph) ?? new Map<string, BackwardPlan>();
      known.set(graph, plans);
      const plan =
        plans.get(keyOf(request, scores, true)) ??
        plans.get(keyOf(request, scores, false)) ??
        (await keptPlan(request, context)) ??
        (await newPlan(request, context));
      plans.set(keyOf(request, scores, plan.inputDims[0] === undefined), plan);
      return createBackwardPass(plan, context.ort, context.sessionOptions);
    },
  };
}

function keyOf({ layers, inputShape }: BackwardRequest, scores: string, anyBatch: boolean): string {
  return JSON.stringify([scores, layers, anyBatch ? 'any' : inputShape[0], inputShape.slice(1)]);
}

function planFor(
  request: BackwardRequest,
  context: BackwardContext,
  options: RuleOptions,
): Promise<BackwardPlan> {
  const { graph, files, scores, ort, sessionBytes, sessionOptions } = context;
  return planBackward({
    graph,
    files,
    layers: request.layers,
    scores,
    options,
    ort,
    sessionBytes,
    sessionOptions,
    self: selfOf(context),
    inputShape: request.inputShape,
    signal: request.signal,
  });
}

/** Under which name the sessions find the model's own bytes. */
function selfOf({ graph, sessionOptions }: BackwardContext): string | undefined {
  const self = sessionOptions.externalData?.find(
    (file) => typeof file === 'object' && 'data' in file && file.data === graph.model.bytes,
  );
  return typeof self === 'object' ? self.path : undefined;
}
