import { intAttribute, intsAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';

/** The pooling that turns the last spatial map into one vector per image. */
export interface GlobalPool {
  readonly node: OnnxNode;
  /** The layer: [batch, channels, height, width] or [batch, height, width, channels]. */
  readonly map: string;
  readonly pooled: string;
  /** `first`: the first of equal maxima gets the gradient (PyTorch's pooling); `shared`: they share it. */
  readonly kind: 'mean' | 'max-first' | 'max-shared';
  readonly layout: 'nchw' | 'nhwc';
  readonly keepsAxes: boolean;
}

/**
 * The last global pooling that everything the scores know about the image passes through. Poolings inside the network
 * (squeeze-and-excitation) are not: the map itself goes on beside them.
 */
export function findGlobalPool(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  input: string,
  scores: string,
): GlobalPool | undefined {
  const forward = forwardReachable(graph, [input]);
  const backward = backwardReachable(graph, [scores]);
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    const output = node.outputs[0] ?? '';
    if (!forward.has(output) || !backward.has(output)) continue;
    const pool = asGlobalPool(graph, shapes, node);
    if (pool && !forwardReachable(graph, [input], output).has(scores)) return pool;
  }
  return undefined;
}

function asGlobalPool(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  node: OnnxNode,
): GlobalPool | undefined {
  const map = node.inputs[0];
  const pooled = node.outputs[0];
  if (node.domain !== '' || !map || !pooled) return undefined;
  const dims = shapes.get(map)?.dims;
  const isMean = MEAN.has(node.opType);
  const common = { node, map, pooled };
  if (node.opType === 'GlobalAveragePool' || node.opType === 'GlobalMaxPool') {
    if (dims && (dims.length !== 4 || isPoint(dims.slice(2)))) return undefined;
    return { ...common, kind: isMean ? 'mean' : 'max-first', layout: 'nchw', keepsAxes: true };
  }
  if (node.opType === 'ReduceMean' || node.opType === 'ReduceMax') {
    const axes =
      intsAttribute(node, 'axes') ?? (node.inputs[1] && constantOf(graph, node.inputs[1])?.numbers());
    if (!axes || dims?.length !== 4) return undefined;
    const sorted = axes.map((axis) => (axis + 4) % 4).sort();
    const layout = sorted.join() === '2,3' ? 'nchw' : sorted.join() === '1,2' ? 'nhwc' : undefined;
    if (!layout || isPoint(layout === 'nchw' ? dims.slice(2) : dims.slice(1, 3))) return undefined;
    const keepsAxes = intAttribute(node, 'keepdims', 1) === 1;
    return { ...common, kind: isMean ? 'mean' : 'max-shared', layout, keepsAxes };
  }
  if (node.opType === 'AveragePool' || node.opType === 'MaxPool') {
    const kernel = intsAttribute(node, 'kernel_shape');
    const [height, width] = dims?.length === 4 ? dims.slice(2) : [];
    const covers =
      kernel?.[0] === height && kernel?.[1] === width && height !== undefined && !isPoint([height, width]);
    const padded = intsAttribute(node, 'pads')?.some((pad) => pad !== 0);
    const out = shapes.get(pooled)?.dims.slice(2);
    if (!covers || padded || !out || !isPoint(out)) return undefined;
    return { ...common, kind: isMean ? 'mean' : 'max-first', layout: 'nchw', keepsAxes: true };
  }
  return undefined;
}

const MEAN = new Set(['GlobalAveragePool', 'AveragePool', 'ReduceMean']);

/** A 1×1 map has no places to point at. */
function isPoint(extents: readonly (number | undefined)[]): boolean {
  return extents.every((extent) => extent === 1);
}
