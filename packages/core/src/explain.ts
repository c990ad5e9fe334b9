import type { NdArray } from 'ndarray';
import { type AbortSignalLike, throwIfAborted, UnsupportedError } from './errors.ts';
import { augmentationSmoothed, augmentedInputs } from './explain/augmentation-smoothing.ts';
import { checkInput } from './explain/check-input.ts';
import type { ExplainRequest } from './explain/explain-request.ts';
import { explainTarget } from './explain/explain-target.ts';
import type { Explanation } from './explain/explanation.ts';
import { groupTargets } from './explain/group-targets.ts';
import { type LayerMaps, layerMaps } from './explain/layer-maps.ts';
import { ledgerOf } from './explain/ledger-of.ts';
import { makeRecord } from './explain/make-record.ts';
import { type Plan, planRequest } from './explain/plan-request.ts';
import type { Probe } from './explain/probe-model.ts';
import { readScores } from './explain/read-scores.ts';
import { resolveTarget } from './explain/resolve-target.ts';
import type { ForwardRun } from './forwards/evaluate-target.ts';
import { type MethodName, methodTable } from './methods/method-table.ts';
import type { LayerGradients, Model } from './model.ts';
import { logit } from './target/logit.ts';
import { probability } from './target/probability.ts';
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
  { signal, batchSize, onProgress, ...request }: ExplainOptions = {},
): Promise<Explanation> {
  const [explanation] = await explainMany(model, input, [request], { signal, batchSize, onProgress });
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
  { signal, batchSize, onProgress }: ExplainRun = {},
): Promise<Explanation[]> {
  const plans = requests.map((request) => planRequest(model, request));
  checkInput(model, input);
  if (plans.length === 0) return [];
  throwIfAborted(signal, 'explain');

  const pass = await model.forward(input, { layers: unique(plans.flatMap((plan) => plan.layers)), signal });
  try {
    onProgress?.({ step: 'forward', done: 1, total: 1 });
    const { raw, scores } = readScores(pass, model.outputShape);
    const targets = plans.map(({ request, method: { name, variant } }) => {
      const usual = methodTable[name].ofProbability?.includes(variant) ? probability : logit;
      return resolveTarget(request, raw, pass.scoreKind, model.labels, usual);
    });
    const groups = groupTargets(targets, raw, pass.scoreKind);

    const explanations = new Array<Explanation>(plans.length);
    for (const [done, { value, cotangent, positions }] of groups.entries()) {
      throwIfAborted(signal, 'explain');
      const layers = unique(
        positions
          .map((position) => plans[position]!)
          .flatMap(({ method, layers }) => (needsGradients(method.name) ? layers : [])),
      );
      const gradients: ReadonlyMap<string, LayerGradients> =
        layers.length === 0
          ? new Map()
          : await pass.gradients(layers, view(cotangent, [1, cotangent.length]), { signal });
      onProgress?.({ step: 'gradients', done: done + 1, total: groups.length });

      const shared = layerMaps(pass, gradients, cotangent, value);
      for (const position of positions) {
        const plan = plans[position]!;
        const target = targets[position]!;
        const run: ForwardRun = {
          signal,
          batchSize,
          onProgress: (done, total) => onProgress?.({ step: 'evaluations', done, total }),
        };
        const maps = await probedMaps(plan, shared, { model, input, pass, target, run });
        const ledger = ledgerOf(pass, maps, plan.layers, target, value, cotangent);
        const found = explainTarget(plan, maps, [input.shape[2]!, input.shape[3]!], ledger);
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
          classIndex: model.outputShape === undefined ? target.classIndex : undefined,
          target,
          record,
        });
        explanations[position] = plan.request.augmentationSmoothing
          ? await smoothed(explanation, model, input, plan.request, run)
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

/** The mean over the augmented inputs, for the target that was explained at the input itself. */
async function smoothed(
  own: Explanation,
  model: Model,
  input: NdArray<Float32Array>,
  { augmentationSmoothing: _, classIndex: __, ...request }: ExplainRequest,
  { signal, batchSize, onProgress }: ForwardRun,
): Promise<Explanation> {
  const augmented = augmentedInputs(input);
  const others: { explanation: Explanation; mirrored: boolean }[] = [];
  for (const [done, { input, mirrored }] of augmented.entries()) {
    const options = { ...request, target: own.target, signal, batchSize };
    others.push({ explanation: await explain(model, input, options), mirrored });
    onProgress?.(done + 1, augmented.length);
  }
  return augmentationSmoothed(own, others);
}

/** Smooth Grad-CAM++ takes gradients of its own, under noise. */
function needsGradients(name: MethodName): boolean {
  return methodTable[name].needs === 'gradients' && methodTable[name].forwards === undefined;
}

/** `shared`, but for the map of a method that is made of more than the layer's activations and gradients. */
async function probedMaps(
  { method, layers, request }: Plan,
  shared: LayerMaps,
  probe: Probe,
): Promise<LayerMaps> {
  const { compute, mixes, elsewhere } = methodTable[method.name];
  if (mixes) return shared;
  const closedForm = (layer: string) =>
    compute !== undefined && (elsewhere === undefined || probe.pass.linearHead(layer) !== undefined);
  const open = layers.length === 0 ? [''] : layers.filter((layer) => !closedForm(layer));
  if (open.length === 0) return shared;
  if (request.eigenSmoothing) {
    throw new UnsupportedError(
      `explain: expected global average pooling + linear behind "${open[0]}" for ${method.name} with eigenSmoothing; received another head. Use grad-cam.`,
    );
  }
  const { probeModel } = await import('./explain/probe-model.ts');
  const probed = new Map<string, NdArray<Float32Array>>();
  for (const layer of open) probed.set(layer, await probeModel(method, layer, probe));
  return { ...shared, map: (...call) => probed.get(call[2]) ?? shared.map(...call) };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
