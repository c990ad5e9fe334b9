import { intAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';

type Shapes = ReadonlyMap<string, InferredValue>;

/**
 * What a forward and a backward pass from the scores to a tensor cost together, in forward passes, counted in multiplications: a backward
 * pass repeats those of the operators behind the tensor, and takes both products where both operands of a product depend on it.
 * undefined where shapes are not known. Memory traffic is not counted, so light networks take longer than this says.
 */
export function gradientCosts(
  graph: GraphIndex,
  shapes: Shapes,
  scores: string,
): (tensor: string) => number | undefined {
  const backward = backwardReachable(graph, [scores]);
  const products = graph.nodes.filter(
    ({ opType, domain, outputs }) =>
      domain === '' && PRODUCTS.has(opType) && outputs.some((name) => backward.has(name)),
  );
  const counts = new Map(products.map((node) => [node, multiplications(graph, shapes, node)]));
  let total: number | undefined = 0;
  for (const count of counts.values()) {
    total = total === undefined || count === undefined ? undefined : total + count;
  }
  return (tensor) => {
    if (total === undefined || total === 0) return undefined;
    const forward = forwardReachable(graph, [tensor]);
    let behind = 0;
    for (const [node, count] of counts) {
      const active = node.inputs.filter((name) => forward.has(name)).length;
      behind += active * count!;
    }
    return 1 + behind / total;
  };
}

const PRODUCTS = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

function multiplications(graph: GraphIndex, shapes: Shapes, node: OnnxNode): number | undefined {
  const [data = '', weights = ''] = node.inputs;
  const size = (name: string): number | undefined =>
    shapes
      .get(name)
      ?.dims.reduce<number | undefined>(
        (product, extent) => (product === undefined || extent === undefined ? undefined : product * extent),
        1,
      );
  const kernel = constantOf(graph, weights)?.dims;
  const perValue = (extents: readonly number[] | undefined): number | undefined =>
    extents?.reduce((product, extent) => product * extent, 1);
  // Weights are [out, in / groups, …] forwards and [in, out / groups, …] transposed: each value is multiplied with all but the first axis.
  if (node.opType === 'Conv') return times(size(node.outputs[0]!), perValue(kernel?.slice(1)));
  if (node.opType === 'ConvTranspose') return times(size(data), perValue(kernel?.slice(1)));
  const inner = shapes.get(data)?.dims;
  const axis = node.opType === 'Gemm' && intAttribute(node, 'transA', 0) === 1 ? 0 : -1;
  return times(size(node.outputs[0]!), inner?.at(axis));
}

function times(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}
