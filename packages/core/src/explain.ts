import type { NdArray } from 'ndarray';
import { type AbortSignalLike, throwIfAborted } from './errors.ts';
import type { ExplainRequest } from './explain/explain-request.ts';
import { explainTarget } from './explain/explain-target.ts';
import type { Explanation } from './explain/explanation.ts';
import { fitsModel } from './explain/fits-model.ts';
import { groupTargets } from './explain/group-targets.ts';
import { laterLedger } from './explain/later-ledger.ts';
import { layerMaps } from './explain/layer-maps.ts';
import { makeRecord } from './explain/make-record.ts';
import { once } from './explain/once.ts';
import { planPlain } from './explain/plan-plain.ts';
import { readScores } from './explain/read-scores.ts';
import { resolveTarget } from './explain/resolve-target.ts';
import type { LayerGradients, Model } from './model.ts';
import type { Target } from './target/target.ts';
import { view } from './view.ts';

export interface ExplainRun {
  readonly signal?: AbortSignalLike | undefined;
  /** Inputs per forward pass of methods that need many. Default 16; never more than the model's own fixed batch. */
  readonly batchSize?: number | undefined;
  /** Called after each step; `gradients` and `maps` once per distinct target, `evaluations` after each batch of a method that needs many. */
  readonly onProgress?: ((progress: ExplainProgress) => void) | undefined;
}

export interface ExplainProgress {
  readonly step: 'forward' | 'gradients' | 'evaluations' | 'maps';
  readonly done: number;
  readonly total: number;
}

export interface ExplainOptions extends ExplainRequest, ExplainRun {}

/**
 * Shows where in the input the evidence for a class lies.
 *
 * `input` [1, channels, height, width], preprocessed as the model expects.
 * @throws ShapeError, NonFiniteError for the input; OptionError, LayerNotFoundError, ClassNotFoundError for the request;
 * UnsupportedError where the layer lacks what the method needs; AbortedError
 * @example const { cam, status } = await explain(model, input, { method: hybrid({ alpha: 0.7 }) });
 */
export async function explain(
  model: Model,
  input: NdArray<Float32Array>,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const [explanation] = await explainMany(model, input, [options], options);
  return explanation!;
}

/**
 * Several explanations of one input: one forward pass, one backward pass per distinct target. Methods and alphas of one target
 * share everything else, so a sweep over alpha costs next to nothing.
 * @throws as `explain`; what does not depend on the scores, before the forward pass
 * @example const sweep = await explainMany(model, input, [0, 0.5, 1].map((alpha) => ({ method: hybrid({ alpha }) })));
 */
export async function explainMany(
  model: Model,
  input: NdArray<Float32Array>,
  requests: readonly ExplainRequest[],
  run: ExplainRun = {},
): Promise<Explanation[]> {
  const { signal, batchSize, onProgress } = run;
  const plain = requests.map((request) => planPlain(model, request));
  const every = plain.includes(undefined) ? await import('./explain/every-request.ts') : undefined;
  const plans = plain.map((plan, i) => plan ?? every!.planRequest(model, requests[i]!));
  if (!fitsModel(model, input.shape)) {
    throw (await import('./explain/every-request.ts')).inputError(model, input.shape);
  }
  if (plans.length === 0) return [];
  throwIfAborted(signal, 'explain');

  const layers = unique(plans.flatMap((plan) => plan.layers));
  const network = unique(plans.flatMap(({ networkPart }) => networkPart ?? []));
  const pass = await model.forward(input, { layers, network, signal });
  try {
    onProgress?.({ step: 'forward', done: 1, total: 1 });
    const { raw, scores } = readScores(pass, model.outputShape);
    const known = new Map<unknown, Target>();
    const targets = plans.map((plan) => {
      const { target, classIndex } = plan.request;
      // A sweep over α is about one target.
      return once(known, every || target ? plan : classIndex, () =>
        resolveTarget(plan, raw, pass.scoreKind, model.labels, every),
      );
    });
    const groups = groupTargets(targets, raw, pass.scoreKind);

    const explanations: Explanation[] = [];
    for (const [done, { value, cotangent, positions }] of groups.entries()) {
      throwIfAborted(signal, 'explain');
      const layers = unique(
        positions.flatMap((position) => {
          const { method, layers } = plans[position]!;
          return (every?.needsGradients(method) ?? true) ? layers : [];
        }),
      );
      const gradients: ReadonlyMap<string, LayerGradients> =
        layers.length === 0
          ? new Map()
          : await pass.gradients(layers, view(cotangent, [1, cotangent.length]), { signal });
      onProgress?.({ step: 'gradients', done: done + 1, total: groups.length });

      const shared = layerMaps(pass, gradients, cotangent, value, every);
      for (const position of positions) {
        const plan = plans[position]!;
        const target = targets[position]!;
        const maps = every
          ? await every.probedMaps(plan, shared, { model, input, pass, target }, run)
          : shared;
        const ledger = laterLedger(pass, maps, plan, target, value, cotangent);
        const size = [input.shape[2]!, input.shape[3]!] as const;
        const found = explainTarget(plan, maps, size, every);
        const record = makeRecord(
          model,
          input.shape,
          plan,
          target,
          value,
          raw,
          pass.scoreKind,
          scores,
          found,
        );
        const explanation = Object.assign(found, {
          scores,
          classIndex: record.class?.index,
          target,
          ledger,
          record,
        });
        const explainAt = (other: typeof input, request: ExplainRequest) =>
          explain(model, other, { ...request, target, signal, batchSize, onProgress: undefined });
        explanations[position] = every
          ? await every.smoothByAugmentation(explanation, plan.request, input, explainAt, run)
          : explanation;
      }
      onProgress?.({ step: 'maps', done: done + 1, total: groups.length });
    }
    throwIfAborted(signal, 'explain');
    return explanations;
  } finally {
    pass.dispose();
  }
}

function unique<T>(names: readonly T[]): T[] {
  return [...new Set(names)];
}
