import type { SpatialLayer } from '@hybridcam/core';
import type { BackwardContext, BackwardEngine } from '../backward.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { findGlobalPool, type GlobalPool } from '../head/global-pool.ts';
import { readHead } from '../head/read-head.ts';
import type { VectorHead } from '../head/vector-head.ts';
import type { ImageInput } from '../model-input.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import { gradientCosts } from './gradient-costs.ts';
import { tensorLayouts } from './layouts.ts';
import { type GradientKind, type LayerFacts, type ListedLayer, listLayers } from './list-layers.ts';
import { nameLayers } from './name-layers.ts';
import { parameterCounts } from './parameter-counts.ts';
import { resolveLayer } from './resolve-layer.ts';
import { type SpatialTensor, spatialTensors } from './spatial-tensors.ts';
import { cellStrides } from './strides.ts';
import { type TokenOption, type Tokens, tokensOf } from './tokens-of.ts';

/** What the adapter knows about layers before anything ran. */
export interface ModelLayers {
  readonly list: readonly SpatialLayer[];
  /** Canonical name; '' where the model has no spatial layer at all. */
  readonly defaultLayer: string;
  readonly defaultTensor: string | undefined;
  /** `where`: what the caller called, for the message of an error. */
  resolve(name: string, where?: string): ListedLayer;
  /** The closed form behind these tensors, where there is one. */
  readonly closedForm: ClosedForm | undefined;
  /** Where tokens of a transformer lie. */
  readonly tokens: Tokens;
  /** The pooling that ends the maps, with or without a closed form behind it. */
  readonly pool: GlobalPool | undefined;
  /** Why there is no closed form behind the pooling. */
  readonly headBlockedBy: string | undefined;
}

export interface ClosedForm {
  readonly pool: GlobalPool;
  readonly head: VectorHead;
  /** The pool's input and the tensors that are the same values under another name. */
  readonly tensors: ReadonlySet<string>;
}

export interface ModelLayersOptions {
  readonly context: BackwardContext;
  readonly engine: BackwardEngine | undefined;
  readonly input: ImageInput;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  /** How the tokens of a transformer lie, where the file does not tell. */
  readonly tokens?: TokenOption | undefined;
}

/** Finds the layers, the default one, and the head's closed form. */
export function readModelLayers(options: ModelLayersOptions): ModelLayers {
  const { context, engine, input, shapes } = options;
  const { graph, files, scores } = context;
  const pool = findGlobalPool(graph, shapes, input.name, scores);
  const { closedForm, blockedBy } = readClosedForm({ context, shapes }, pool);
  const layouts = new Map(tensorLayouts(graph, shapes, input));
  // The axes that are pooled settle it.
  if (pool) for (const name of renamedTensors(graph, pool.map)) layouts.set(name, pool.layout);
  const known = withoutNominalSizes(shapes, input);
  const found = tokensOf({ ...options, graph, layouts, scores });
  const { tokens, unreached } = found;
  const tensors = spatialTensors(graph, known, input.name, scores, layouts, tokens);
  const defaultTensor =
    tensors.find(({ name }) => name === pool?.map)?.name ?? lastMap(graph, tensors, unreached);
  const named = nameLayers(tensors, defaultTensor);
  const defaultLayer = named.find(({ tensor }) => tensor.name === defaultTensor)?.name ?? '';
  const kinds = new Map<string, GradientKind>();
  const gradientOf = (tensor: string): GradientKind => {
    const cached = kinds.get(tensor);
    if (cached) return cached;
    const kind = decide(tensor);
    kinds.set(tensor, kind);
    return kind;
  };
  const decide = (tensor: string): GradientKind => {
    if (closedForm?.tensors.has(tensor)) {
      return { gradient: closedForm.pool.kind === 'mean' ? 'constant' : 'varying', blockedBy: undefined };
    }
    if (unreached.has(tensor)) {
      const before = defaultLayer === '' ? '' : `, such as "${defaultLayer}"`;
      const reason = `the scores read only its class token, so the gradient is 0 in every place; choose a layer before the last attention${before}`;
      return { gradient: 'unavailable', blockedBy: reason };
    }
    if (engine) {
      const reason = engine.blockedBy(tensor, context);
      return reason === undefined
        ? { gradient: 'varying', blockedBy: undefined }
        : { gradient: 'unavailable', blockedBy: reason };
    }
    const behind = pool && tensor === pool.map ? blockedBy : undefined;
    const works = closedForm ? `"${closedForm.pool.map}"` : 'none';
    return {
      gradient: 'unavailable',
      blockedBy: behind ?? `no backward engine; layers with a gradient in closed form: ${works}`,
    };
  };
  const costs = gradientCosts(graph, known, scores);
  const facts: LayerFacts = {
    graph,
    strides: cellStrides(graph, input.name),
    inputHeight: input.height,
    parameterCount: parameterCounts(graph),
    gradientOf,
    costOf: (tensor) => (closedForm?.tensors.has(tensor) ? 1 : costs(tensor)),
    defaultTensor: defaultTensor ?? '',
  };
  const listed = listLayers(named, facts);
  const names = { listed, tensors, facts, shapes, input: input.name, scores };
  // Every explanation asks a few times by the canonical name.
  const canonical = new Map(listed.map((entry) => [entry.layer.name, entry]));
  return {
    list: listed.map(({ layer }) => layer),
    defaultLayer,
    defaultTensor,
    resolve: (name, where) => canonical.get(name) ?? resolveLayer(name, names, where),
    closedForm,
    tokens: found,
    pool,
    headBlockedBy: blockedBy,
  };

  function readClosedForm(
    question: Pick<ModelLayersOptions, 'context' | 'shapes'>,
    found: GlobalPool | undefined,
  ): { closedForm: ClosedForm | undefined; blockedBy: string | undefined } {
    if (!found) return { closedForm: undefined, blockedBy: undefined };
    const dims = question.shapes.get(found.map)?.dims;
    const channels = found.layout === 'nchw' ? dims?.[1] : dims?.[3];
    if (channels === undefined)
      return { closedForm: undefined, blockedBy: 'the number of channels is not known' };
    const point = found.layout === 'nchw' ? [channels, 1, 1] : [1, 1, channels];
    const pooledShape = found.keepsAxes ? point : [channels];
    const head = readHead({
      graph,
      files,
      shapes: question.shapes,
      pooled: found.pooled,
      pooledShape,
      scores,
    });
    if ('blockedBy' in head) return { closedForm: undefined, blockedBy: head.blockedBy };
    const renamed = new Set(renamedTensors(graph, found.map));
    return { closedForm: { pool: found, head, tensors: renamed }, blockedBy: undefined };
  }
}

/**
 * Without a global pooling (VGG) the default is the last map there is. Where only a class token is read it is the last that a
 * linear layer reads: in a transformer the normalised input of the last attention.
 */
function lastMap(
  graph: GraphIndex,
  tensors: readonly SpatialTensor[],
  unreached: ReadonlySet<string>,
): string | undefined {
  const open = tensors.filter(({ name }) => !unreached.has(name));
  const isRead = ({ name }: SpatialTensor): boolean =>
    graph.consumers.get(name)?.some(({ opType, inputs }) => opType === 'MatMul' && inputs[0] === name) ??
    false;
  const read = unreached.size > 0 ? open.findLast(isRead) : undefined;
  return (read ?? open.at(-1) ?? tensors.at(-1))?.name;
}

/** A tensor and what it is a mere copy of: Identity, Dropout and float casts, as long as nothing else uses the original. */
function renamedTensors(graph: BackwardContext['graph'], tensor: string): string[] {
  const names = [tensor];
  for (;;) {
    const node = graph.producer.get(names.at(-1)!);
    const source = node?.inputs[0];
    if (!node || !source || node.domain !== '' || !COPIES.has(node.opType)) return names;
    if (graph.consumers.get(source)!.length > 1) return names;
    names.push(source);
  }
}

const COPIES = new Set(['Identity', 'Dropout', 'Cast']);

/**
 * Drops extents that were only assumed for inference, so that no layer claims a size it gets when it runs. An extent of 1 stays: what
 * is one cell of 224 pixels was pooled, and is no map at any size.
 */
function withoutNominalSizes(
  shapes: ReadonlyMap<string, InferredValue>,
  input: ImageInput,
): ReadonlyMap<string, InferredValue> {
  if (input.height !== undefined && input.width !== undefined) return shapes;
  const kept = new Map<string, InferredValue>();
  for (const [name, { dataType, dims }] of shapes) {
    const open =
      dims.length === 4 ? dims.map((extent, axis) => (axis < 2 || extent === 1 ? extent : undefined)) : dims;
    kept.set(name, { dataType, dims: open });
  }
  return kept;
}
