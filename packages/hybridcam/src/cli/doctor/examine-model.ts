import {
  CamError,
  crossLayers,
  type ExplainRequest,
  forwardCount,
  type MethodName,
  type Model,
  methodNames,
  methods,
  type NdArray,
  planRequest,
  type SpatialLayer,
  view,
} from '@hybridcam/core';
import { type Cost, measureCosts } from './measure-costs.ts';
import { resolveAmong, triedLayers } from './tried-layers.ts';

/** What can be explained of a model, what blocks, and what it costs: plain JSON. */
export interface Examination {
  readonly model: Model['identity'];
  readonly input: {
    readonly name: string;
    readonly channels: number;
    readonly height: number | null;
    readonly width: number | null;
    readonly batch: number | null;
  };
  readonly classCount: number;
  readonly scoreKind: 'logit' | 'probability';
  /** null: the model has no spatial layer at all. */
  readonly defaultLayer: LayerFinding | null;
  /** Every layer in the order of the data. */
  readonly layers: readonly LayerFinding[];
  /** How many layers have a gradient, in closed form or by a backward pass, and how many have none. */
  readonly layerCount: { readonly constant: number; readonly varying: number; readonly unavailable: number };
  /** Why layers have no gradient, with their names. */
  readonly blocks: readonly { readonly reason: string; readonly layers: readonly string[] }[];
  /** The layers of the cross-layer hybrid; null where there are no two. */
  readonly crossLayers: readonly [gradCam: string, layerCam: string] | null;
  /** Methods that work at the default layer, and why the others do not. */
  readonly methods: readonly MethodFinding[];
  /** Of one picture, on this machine. */
  readonly cost: readonly Cost[];
}

export interface MethodFinding {
  readonly name: MethodName;
  /** null: it works. */
  readonly refusal: string | null;
  /**
   * How many inputs the network, or what of it is behind the layer, evaluates for one picture; null where the method is refused, and where a
   * size decides it that the model leaves open.
   */
  readonly runs: number | null;
}

export interface LayerFinding {
  readonly name: string;
  readonly shape: readonly number[] | null;
  /** Input pixels per cell. */
  readonly stride: number | null;
  readonly layout: string | null;
  readonly gradient: SpatialLayer['gradient'];
  readonly blockedBy: string | null;
  /** Forward passes that an explanation there takes, estimated from multiplications. */
  readonly estimatedCost: number | null;
}

/** Where a model leaves its size open, most pictures are prepared so. */
const USUAL_SIDE = 224;
/**
 * Examines a model by its own layers and by running it on noise.
 * @throws what running it throws; AbortedError
 */
export async function examineModel(model: Model, signal: AbortSignal): Promise<Examination> {
  const { identity, input, classCount } = model;
  const noise = noiseInput(model);
  const hasLayers = model.layers.length > 0;
  const pass = await model.forward(noise, { layers: hasLayers ? [model.defaultLayer] : [], signal });
  const { scoreKind } = pass;
  const linear = hasLayers && pass.linearHead(model.defaultLayer) !== undefined;
  pass.dispose();
  const layers = await triedLayers(model, noise, signal);
  const examined: Model = { ...model, layers, resolveLayer: resolveAmong(model, layers) };
  const last = layers.length === 0 ? undefined : examined.resolveLayer(model.defaultLayer);
  const pair = crossLayersOf(examined);
  const count = (gradient: SpatialLayer['gradient']): number =>
    layers.filter((layer) => layer.gradient === gradient).length;
  return {
    model: identity,
    input: {
      name: input.name,
      channels: input.channels,
      height: input.height ?? null,
      width: input.width ?? null,
      batch: input.batch ?? null,
    },
    classCount,
    scoreKind,
    defaultLayer: last === undefined ? null : findingOf(last),
    layers: layers.map(findingOf),
    layerCount: { constant: count('constant'), varying: count('varying'), unavailable: count('unavailable') },
    blocks: blocksOf(layers),
    crossLayers: pair,
    methods: methodNames.map((name) => {
      const refusal = refusalOf(examined, { method: name });
      return { name, refusal, runs: refusal === null ? runsOf(examined, name, linear) : null };
    }),
    cost: await measureCosts(model, noise, requestsToMeasure(examined, pair), signal),
  };
}

function findingOf(layer: SpatialLayer): LayerFinding {
  return {
    name: layer.name,
    shape: layer.shape ?? null,
    stride: layer.stride ?? null,
    layout: layer.layout ?? null,
    gradient: layer.gradient,
    blockedBy: layer.blockedBy ?? null,
    estimatedCost: layer.cost ?? null,
  };
}

function blocksOf(layers: readonly SpatialLayer[]): Examination['blocks'] {
  const byReason = new Map<string, string[]>();
  for (const { name, blockedBy } of layers) {
    if (blockedBy !== undefined) byReason.set(blockedBy, [...(byReason.get(blockedBy) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) => ({ reason, layers: names }));
}

function crossLayersOf(model: Model): [string, string] | null {
  if (model.layers.length === 0) return null;
  return refusalOf(model, { method: 'cross-layer-hybrid' }) === null ? crossLayers(model) : null;
}

/** The hybrid at the default layer, then earlier ones of each resolution, then across layers. */
function requestsToMeasure(model: Model, pair: readonly [string, string] | null): ExplainRequest[] {
  if (model.layers.length === 0) return [];
  const requests: ExplainRequest[] = [];
  const strides = new Set<number | undefined>();
  for (const layer of [model.resolveLayer(model.defaultLayer), ...model.layers.toReversed()]) {
    if (strides.has(layer.stride) || layer.gradient === 'unavailable') continue;
    strides.add(layer.stride);
    requests.push({ method: 'hybrid', targetLayer: layer.name });
  }
  if (pair !== null) requests.push({ method: 'cross-layer-hybrid', targetLayer: pair });
  return requests.filter((request) => refusalOf(model, request) === null);
}

/** `linear`: the head behind the default layer, which no request tells before the model ran. */
function runsOf(model: Model, method: MethodName, linear: boolean): number | null {
  const count = forwardCount(model, { method });
  if (count !== undefined || methods[method].elsewhere === undefined) return count ?? null;
  const channels = model.resolveLayer(model.defaultLayer).shape?.[0];
  return linear ? 1 : channels === undefined ? null : 1 + channels;
}

function noiseInput({ input }: Model): NdArray<Float32Array> {
  const shape = [1, input.channels, input.height ?? USUAL_SIDE, input.width ?? USUAL_SIDE];
  const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
  let state = 1;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state / 2 ** 31 - 1;
  }
  return view(values, shape);
}

function refusalOf(model: Model, request: ExplainRequest): string | null {
  try {
    planRequest(model, request);
    return null;
  } catch (error) {
    if (error instanceof CamError) return error.message;
    throw error;
  }
}
