import type { AbortSignalLike } from '@hybridcam/core';
import { ShapeError, throwIfAborted, UnsupportedError } from '@hybridcam/core';
import type { OrtRuntime, OrtSessionOptions } from '../ort.ts';
import { onWebGpu } from '../runtime/on-web-gpu.ts';
import {
  type BackwardGraph,
  type BackwardSource,
  backwardGraph,
  type PlannedTap,
  type PlannedTensor,
  sameGraph,
  writeBackwardModel,
} from './backward-model.ts';
import type { Measurements } from './measurements.ts';
import { gradientFlow, gradientPath } from './path.ts';
import { createProbe, type Probe } from './probe.ts';
import { type ResolvedGraph, resolveBranches } from './resolve-branches.ts';

/**
 * How to get gradients of some layers of one model at one input size: what the forward run hands over, and the model that
 * turns it into gradients. Plain data: it can be stored and used again without a probe.
 */
export interface BackwardPlan {
  readonly layers: readonly string[];
  readonly scores: string;
  /** Shape of the model's input that the plan was made for; the first extent is undefined when any batch will do. */
  readonly inputDims: readonly (number | undefined)[];
  /**
   * Forward tensors, in the types the forward model computes them in, and masks of forward tensors, which the nodes of `tapNodes`
   * add to it: inputs of the backward model by the same names.
   */
  readonly taps: readonly PlannedTap[];
  readonly cotangent: PlannedTensor;
  /** Outputs of the backward model. */
  readonly gradients: readonly (PlannedTensor & { readonly layer: string })[];
  /** ONNX bytes. Weights in external data stay where they are: the session needs the same as the forward model's. */
  readonly backwardModel: Uint8Array;
}

export interface PlanRequest extends Omit<BackwardSource, 'path' | 'handsOverMasks'> {
  readonly ort: OrtRuntime;
  readonly sessionOptions: OrtSessionOptions;
  /** The forward model as sessions take it. Default: the file's own bytes. */
  readonly sessionBytes?: Uint8Array | undefined;
  readonly inputShape: readonly number[];
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * Plans the backward pass from the scores to the layers.
 *
 * Where the model declares an open batch, the probe runs at two batch sizes; if both give the same backward graph, the plan
 * serves every batch, else only the one asked for.
 * @throws UnsupportedError naming the node that blocks, ShapeError when the input shape does not fit the model
 */
export async function planBackward(request: PlanRequest): Promise<BackwardPlan> {
  const { planned, inputDims } = await planGraph(request, {
    handsOverMasks: handsOverMasks(request.sessionOptions),
  });
  const { taps, cotangent, gradients } = planned;
  const { layers, scores } = request;
  const backwardModel = writeBackwardModel(planned);
  return { layers: [...layers], scores, inputDims, taps, cotangent, gradients, backwardModel };
}

/** Of two sessions. On a GPU nothing crosses between them, and truth values are 32 bits there as well. */
export function handsOverMasks(sessionOptions: OrtSessionOptions): boolean {
  return !onWebGpu(sessionOptions);
}

/** A backward graph that is not written yet, and the graph it belongs to. */
export interface PlannedGraph {
  readonly planned: BackwardGraph;
  readonly inputDims: BackwardPlan['inputDims'];
  readonly resolved: ResolvedGraph;
}

/** `planBackward` up to the writing. */
export async function planGraph(
  request: PlanRequest,
  masks: Pick<BackwardSource, 'handsOverMasks'>,
): Promise<PlannedGraph> {
  const { layers, scores, inputShape, signal } = request;
  const declared = request.graph.inputs[0]!.shape;
  const misfit = declared?.some(
    (extent, axis) => typeof extent === 'number' && extent > 0 && extent !== inputShape[axis],
  );
  if (declared && (misfit || declared.length !== inputShape.length)) {
    throw new ShapeError(
      `differentiate: expected input "${request.graph.inputs[0]!.name}" of shape [${declared.map((extent) => extent ?? '?')}]; received [${inputShape}].`,
    );
  }
  throwIfAborted(signal, 'differentiate');
  const resolved = await resolveBranches(request, inputShape, signal);
  const path = gradientPath(gradientFlow(resolved.graph, scores), layers);
  const source: BackwardSource = { ...request, graph: resolved.graph, path, ...masks };
  const probe = await createProbe({ ...request, ...resolved }, path);
  try {
    const batchIsOpen = typeof declared?.[0] !== 'number' && !resolved.measured;
    const anyBatch = batchIsOpen ? await planAnyBatch(source, probe, inputShape, signal) : undefined;
    const planned = anyBatch ?? backwardGraph(source, await probe.measure(inputShape, signal), undefined);
    throwIfAborted(signal, 'differentiate');
    const inputDims = anyBatch ? [undefined, ...inputShape.slice(1)] : [...inputShape];
    return { planned, inputDims, resolved };
  } finally {
    await probe.release();
  }
}

/**
 * The backward graph for every batch, where two batch sizes lead to the same one. One picture and two usually do; where an
 * operand of extent 1 is broadcast along the batch only two and three can, and one picture has to fit in with them.
 */
async function planAnyBatch(
  source: BackwardSource,
  probe: Probe,
  inputShape: readonly number[],
  signal: AbortSignalLike | undefined,
): Promise<BackwardGraph | undefined> {
  const at = async (batch: number): Promise<Measurements | undefined> => {
    throwIfAborted(signal, 'differentiate');
    // A model may declare an open batch and yet be built for one size.
    return probe.measure([batch, ...inputShape.slice(1)], signal).catch(() => undefined);
  };
  const one = await at(1);
  const two = await at(2);
  if (!two) return undefined;
  const fromOne = one && commonGraph(source, one, two);
  if (fromOne) return fromOne;
  const three = await at(3);
  if (!three || (one && !continues(one, two, three))) return undefined;
  return commonGraph(source, two, three);
}

function commonGraph(source: BackwardSource, a: Measurements, b: Measurements): BackwardGraph | undefined {
  try {
    const [first, second] = [backwardGraph(source, a, b), backwardGraph(source, b, a)];
    const isCommon = sameGraph(first, second) && !first.batchIsFixed;
    return isCommon && first.cotangent.dims.includes(undefined) ? first : undefined;
  } catch (error) {
    // A variant without a rule at these batch sizes may have one at the size asked for; if not, that plan says so.
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

/** True when every tensor has at one picture the shape that two and three foretell: a bare Squeeze would drop an axis. */
function continues(one: Measurements, two: Measurements, three: Measurements): boolean {
  return [...two.shapes].every(([tensor, shape]) => {
    const [single, triple] = [one.shapes.get(tensor), three.shapes.get(tensor)];
    return (
      single?.length === shape.length &&
      shape.every((extent, axis) => single[axis]! - extent === extent - (triple?.[axis] ?? Number.NaN))
    );
  });
}
