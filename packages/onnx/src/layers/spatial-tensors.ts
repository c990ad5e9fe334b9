import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import { isFloatType } from '../proto/data-type.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import { inputCopies } from './input-copies.ts';
import type { Layout } from './layouts.ts';
import type { TokenLayout } from './token-layouts.ts';

/** A tensor that may be a target layer. */
export interface SpatialTensor {
  readonly name: string;
  readonly node: OnnxNode;
  /** [channels, height, width], where known. */
  readonly shape: readonly [number, number, number] | undefined;
  readonly layout: Layout | TokenLayout;
}

/**
 * All float maps between the input and the scores that influence the scores, in forward order: of 4 axes, or tokens of a grid. A
 * map of one cell is no map, nor is the prepared picture, nor a tensor whose axes have no known meaning.
 */
export function spatialTensors(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  input: string,
  scores: string,
  layouts: ReadonlyMap<string, Layout>,
  tokens: ReadonlyMap<string, TokenLayout>,
): readonly SpatialTensor[] {
  const forward = forwardReachable(graph, [input]);
  const backward = backwardReachable(graph, [scores]);
  const pictures = inputCopies(graph, input);
  const found: SpatialTensor[] = [];
  for (const node of graph.nodes) {
    const name = node.outputs[0];
    if (!name || name === scores || pictures.has(name)) continue;
    if (!forward.has(name) || !backward.has(name)) continue;
    const value = shapes.get(name);
    const tokenLayout = tokens.get(name);
    if (tokenLayout) {
      const channels = value?.dims[2];
      const { grid } = tokenLayout;
      // One channel: the mean or the variance of a normalisation.
      if (channels === undefined || channels === 1 || grid[0] * grid[1] === 1) continue;
      if (value && isFloatType(value.dataType)) {
        found.push({ name, node, shape: [channels, ...grid], layout: tokenLayout });
      }
      continue;
    }
    // Where the runtime inferred nothing, a convolution's weights still say how many axes its result has.
    const rank = value?.dims.length ?? convolutionRank(graph, node);
    if (rank !== 4 || (value && !isFloatType(value.dataType))) continue;
    const layout = layouts.get(name);
    if (!layout) continue;
    const [, a, b, c] = value?.dims ?? [];
    const known = a !== undefined && b !== undefined && c !== undefined;
    const shape = known ? (layout === 'nchw' ? ([a, b, c] as const) : ([c, a, b] as const)) : undefined;
    if (shape && shape[1] * shape[2] === 1) continue;
    found.push({ name, node, shape, layout });
  }
  return found;
}

function convolutionRank(graph: GraphIndex, node: OnnxNode): number | undefined {
  if (node.opType !== 'Conv') return undefined;
  return graph.initializers.get(node.inputs[1] ?? '')?.dims.length;
}
