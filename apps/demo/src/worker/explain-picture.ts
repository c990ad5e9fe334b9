import {
  AbortedError,
  allClassMaps,
  type ClassMaps,
  counterfactual,
  crossLayers,
  type ExplainRun,
  type Explanation,
  explainMany,
  forwardCount,
  logit,
  type MethodName,
  type Model,
  margin,
  type NdArray,
  pack,
  type Target,
} from '@hybridcam/core';
import { methodFacts, methodNames } from '../facts/method-facts.ts';
import type {
  ClassMapData,
  CrossEvidence,
  Evidence,
  ExplainParams,
  LedgerData,
  MethodMap,
  NamedMap,
} from '../protocol.ts';
import { isSlow } from '../text/method-facts.ts';

const hybrids: readonly MethodName[] = ['hybrid', 'cross-layer-hybrid', 'grad-cam', 'layer-cam'];
/** More than this many values of class maps are not worth their memory: 1000 classes of 28×28 cells. */
const mostClassMapValues = 1_000_000;

/** One picture, one class, one layer: the parents of the hybrid and all that the page draws from them. */
export async function explainPicture(
  model: Model,
  input: NdArray<Float32Array>,
  params: ExplainParams,
): Promise<Evidence> {
  const started = performance.now();
  const targetLayer = model.resolveLayer(params.layer ?? model.defaultLayer).name;
  const target = targetMaker(params);
  const request = (method: MethodName, make = target) => ({
    method,
    targetLayer,
    normalize: 'none' as const,
    classIndex: params.classIndex,
    target: make,
  });
  const [gradCam, layerCam, opposing] = (await explainMany(model, input, [
    request('grad-cam'),
    request('layer-cam'),
    request('layer-cam', (index) => counterfactual(target(index))),
  ])) as [Explanation, Explanation, Explanation];
  const classIndex = gradCam.classIndex!;
  const { cross, problem: crossProblem } =
    params.method === 'cross-layer-hybrid'
      ? await crossEvidence(model, input, { ...params, classIndex })
      : {};
  const { ledger, problem: ledgerProblem } = await ledgerData(gradCam);
  const costs = await costsAt(model, input, targetLayer);
  const logits = gradCam.scores.logits ?? gradCam.scores.probabilities;
  return {
    layer: targetLayer,
    classIndex,
    // A class is no contrast with itself.
    against: params.against === classIndex ? undefined : params.against,
    targetValue: gradCam.record.target.value,
    scoreKind: gradCam.record.target.scoreKind,
    scores: pack(logits).slice(),
    probabilities: pack(gradCam.scores.probabilities).slice(),
    gradCam: methodMap(gradCam),
    layerCam: methodMap(layerCam),
    opposing: methodMap(opposing),
    // What needs the network many times is run when asked for.
    other:
      hybrids.includes(params.method) || isSlow(params.method, costs)
        ? undefined
        : await otherMethod(model, input, { ...params, classIndex }, params.method),
    cross,
    crossProblem,
    classMaps: await classMapData(model, input, targetLayer),
    ledger,
    ledgerProblem,
    costs,
    passMs: undefined,
    elapsedMs: performance.now() - started,
  };
}

/**
 * How often methods that need the network many times would run it at a layer. Those that are free behind a linear head count 1 there;
 * whether a pooled head is linear only a pass tells.
 */
export async function costsAt(
  model: Model,
  input: NdArray<Float32Array>,
  targetLayer: string,
): Promise<Evidence['costs']> {
  const linear = await hasLinearHead(model, input, targetLayer);
  const { shape } = model.resolveLayer(targetLayer);
  const count = (method: MethodName): number | undefined => {
    const { elsewhere } = methodFacts[method];
    if (elsewhere === undefined) return forwardCount(model, { method, ...layerOf(method, targetLayer) });
    return linear ? 1 : shape && 1 + shape[0];
  };
  return Object.fromEntries(
    methodNames
      .filter((name) => methodFacts[name].forwards === 'many' || methodFacts[name].elsewhere !== undefined)
      .map((method) => [method, count(method)]),
  );
}

async function hasLinearHead(model: Model, input: NdArray<Float32Array>, layer: string): Promise<boolean> {
  if (model.resolveLayer(layer).gradient !== 'constant') return false;
  const pass = await model.forward(input, { layers: [layer] });
  const head = pass.linearHead(layer);
  pass.dispose();
  return head !== undefined;
}

/** Methods that see the model from outside have no layer. */
function layerOf(method: MethodName, targetLayer: string): { targetLayer?: string } {
  return methodFacts[method].layers === 0 ? {} : { targetLayer };
}

/**
 * A method's raw map, or why there is none.
 * @throws AbortedError
 */
export async function otherMethod(
  model: Model,
  input: NdArray<Float32Array>,
  params: ExplainParams,
  method: MethodName,
  run: ExplainRun = {},
): Promise<NamedMap> {
  const started = performance.now();
  try {
    const request = {
      method,
      normalize: 'none' as const,
      classIndex: params.classIndex,
      target: targetMaker(params),
      ...layerOf(method, params.layer ?? model.defaultLayer),
    };
    const [explanation] = await explainMany(model, input, [request], run);
    return {
      method,
      map: methodMap(explanation!),
      cross: undefined,
      problem: undefined,
      elapsedMs: performance.now() - started,
    };
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    return { method, map: undefined, cross: undefined, problem, elapsedMs: performance.now() - started };
  }
}

function targetMaker({ against }: ExplainParams): (classIndex: number) => Target {
  return (classIndex) =>
    against === undefined || against === classIndex ? logit(classIndex) : margin(classIndex, against);
}

function methodMap({ cam, status, range }: Explanation): MethodMap {
  const [height, width] = cam.shape as [number, number];
  return { data: pack(cam).slice(), height, width, status, unit: range.unit };
}

/** The parents of the cross-layer hybrid at the model's own two layers, or why there are none. */
export async function crossEvidence(
  model: Model,
  input: NdArray<Float32Array>,
  params: ExplainParams,
): Promise<{ cross?: CrossEvidence; problem?: string }> {
  try {
    const layers = crossLayers(model);
    const part = (method: MethodName, targetLayer: string) => ({
      method,
      targetLayer,
      normalize: 'none' as const,
      classIndex: params.classIndex,
      target: targetMaker(params),
    });
    const [gradCam, layerCam] = await explainMany(model, input, [
      part('grad-cam', layers[0]),
      part('layer-cam', layers[1]),
    ]);
    return { cross: { layers, gradCam: methodMap(gradCam!), layerCam: methodMap(layerCam!) } };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function ledgerData(explanation: Explanation): Promise<{ ledger?: LedgerData; problem?: string }> {
  try {
    const { cells, bias, score, residual } = await explanation.ledger();
    const [height, width] = cells.shape as [number, number];
    return { ledger: { data: pack(cells).slice(), height, width, bias, score, residual } };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function classMapData(
  model: Model,
  input: NdArray<Float32Array>,
  layer: string,
): Promise<ClassMapData | undefined> {
  const pass = await model.forward(input, { layers: [layer] });
  const head = pass.linearHead(layer);
  if (!head) return undefined;
  const activations = pass.activations(layer).pick(0, null, null, null);
  const [, height, width] = activations.shape as [number, number, number];
  if (model.classCount * height * width > mostClassMapValues) return undefined;
  const { positive, negative }: ClassMaps = allClassMaps(activations, head);
  return { positive: pack(positive), negative: pack(negative), height, width };
}
