import { type Attention, type NetworkParts, ShapeError, view } from '@hybridcam/core';
import { intAttribute } from '../graph/attributes.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import type { TokenLayout } from '../layers/token-layouts.ts';
import type { Tokens } from '../layers/tokens-of.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import type { Floats } from './broadcast.ts';

/** Where the attention matrices of a transformer come from. */
export interface AttentionSource extends Readonly<NetworkParts['attention']> {
  /** Tensors of the forward run, in forward order. */
  readonly tensors: readonly string[];
  /** The matrices of a pass of `batch` images. */
  attention(values: ReadonlyMap<string, Floats>, batch: number): Attention;
}

export interface AttentionSourceOptions {
  readonly graph: GraphIndex;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  readonly input: string;
  readonly scores: string;
  readonly tokens: Tokens;
}

/** Found in the graph: softmaxes over the last axis of square matrices that are then multiplied with the values. */
export function attentionSource({
  graph,
  shapes,
  input,
  scores,
  tokens: { tokens, unreached },
}: AttentionSourceOptions): AttentionSource {
  const forward = forwardReachable(graph, [input]);
  const backward = backwardReachable(graph, [scores]);
  const batchOf = (name: string): number | undefined => shapes.get(name)?.dims[0];
  const squares: Square[] = [];
  for (const node of graph.nodes) {
    const [tensor = ''] = node.outputs;
    if (!forward.has(tensor) || !backward.has(tensor)) continue;
    const found = square(node, shapes.get(tensor)?.dims);
    if (found && weighsValues(graph, tensor)) squares.push({ tensor, ...found });
  }
  // Windows of a map are tokens too, with several windows of one image along the axis of the batch.
  const [, places] =
    [...tokens].find(
      ([name, { prefix, grid }]) =>
        prefix + grid[0] * grid[1] === squares[0]?.extent && batchOf(name) === batchOf(input),
    ) ?? [];
  return {
    blockedBy: blockedBy(graph, squares, places, batchOf(input)),
    tensors: squares.map(({ tensor }) => tensor),
    attention: (values, batch) => ({
      layers: squares.map(({ tensor }) => ofImages(values.get(tensor)!, batch, tensor)),
      grid: places!.grid,
      prefix: places!.prefix,
      // Where the scores read the class token alone, nothing is read from the patches behind the last attention.
      query: unreached.size > 0 ? 0 : 'mean',
    }),
  };
}

/** Matrices over [batch, heads, tokens, tokens] or [batch · heads, tokens, tokens]. */
interface Square {
  readonly tensor: string;
  /** Of tokens. */
  readonly extent: number;
  /** The axes before, where known. */
  readonly leading: readonly (number | undefined)[];
}

function blockedBy(
  graph: GraphIndex,
  squares: readonly Square[],
  places: TokenLayout | undefined,
  batch: number | undefined,
): string | undefined {
  const [first] = squares;
  if (first === undefined) {
    const fused = graph.nodes.find(({ opType }) => FUSED.has(opType));
    return fused
      ? `${fused.opType} "${fused.name}" keeps its matrices to itself; export the model without fused attention`
      : 'no step of the network is a softmax of square matrices that weighs values, as in a vision transformer';
  }
  const other = squares.find(({ extent }) => extent !== first.extent);
  if (other) {
    return `its matrices are of ${first.extent} and of ${other.extent} tokens, so they cannot be followed from layer to layer`;
  }
  if (areWindows(squares, batch)) {
    return 'its matrices are of windows of the map, so they cannot be followed from place to place';
  }
  if (places === undefined) {
    return `its matrices are of ${first.extent} tokens, and no map of places has as many; state them with the option tokens (--tokens)`;
  }
  return undefined;
}

const FUSED = new Set(['Attention', 'MultiHeadAttention', 'GroupQueryAttention', 'PackedMultiHeadAttention']);

/** Windows stand where the images of a batch do, or make more matrices in one layer than in another. */
function areWindows(squares: readonly Square[], batch: number | undefined): boolean {
  const beside = ({ leading }: Square): number | undefined => (leading.length === 2 ? leading[0] : undefined);
  if (batch !== undefined && squares.some((square) => (beside(square) ?? batch) !== batch)) return true;
  const joined = squares.flatMap(({ leading }) => (leading.length === 1 ? leading : []));
  return new Set(joined).size > 1;
}

/** What a softmax over the last axis gives out, if these are square matrices. */
function square(node: OnnxNode, dims: InferredValue['dims'] | undefined): Omit<Square, 'tensor'> | undefined {
  if (node.opType !== 'Softmax' || node.domain !== '' || dims === undefined) return undefined;
  const rank = dims.length;
  const axis = intAttribute(node, 'axis', -1);
  if ((rank !== 3 && rank !== 4) || (axis !== -1 && axis !== rank - 1)) return undefined;
  const extent = dims[rank - 1];
  if (extent === undefined || extent <= 1 || extent !== dims[rank - 2]) return undefined;
  return { extent, leading: dims.slice(0, -2) };
}

function weighsValues(graph: GraphIndex, tensor: string): boolean {
  return (graph.consumers.get(tensor) ?? []).some(({ opType, inputs, outputs }) => {
    if (opType === 'MatMul' || opType === 'Einsum') return inputs[0] === tensor;
    return COPIES.has(opType) && weighsValues(graph, outputs[0] ?? '');
  });
}

const COPIES = new Set(['Cast', 'Dropout', 'Identity']);

function ofImages({ values, dims }: Floats, batch: number, tensor: string): Attention['layers'][number] {
  const extent = dims.at(-1)!;
  const heads = values.length / (batch * extent * extent);
  if (!Number.isInteger(heads)) {
    throw new ShapeError(
      `attention: expected "${tensor}" to hold matrices for each of ${batch} images; received [${dims.join(', ')}].`,
    );
  }
  return view(new Float32Array(values), [batch, heads, extent, extent]);
}
