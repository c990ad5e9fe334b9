import { intAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, readsOnlyShape } from '../graph/reach.ts';
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
  const counted = graph.nodes.filter(
    ({ opType, domain, outputs }) =>
      domain === '' && PRODUCTS.has(opType) && outputs.some((name) => backward.has(name)),
  );
  const counts = counted.map((node) => multiplications(graph, shapes, node));
  if (counts.length === 0 || counts.includes(undefined)) return () => undefined;
  const costs = counts as number[];
  const total = costs.reduce((sum, count) => sum + count, 0);
  const behind = operandsBehind(graph, counted);
  return (tensor) => {
    const bits = behind.get(tensor);
    let sum = 0;
    for (const [product, count] of costs.entries()) {
      for (let bit = 2 * product; bit < 2 * product + 2; bit++) {
        if (bits && (bits[bit >> 5]! >>> (bit & 31)) & 1) sum += count;
      }
    }
    return 1 + sum / total;
  };
}

/**
 * For each tensor the operands that depend on it, two bits for each of `products`. One pass from the scores back for all tensors: a large
 * transformer has thousands of nodes and hundreds of layers.
 */
function operandsBehind(graph: GraphIndex, products: readonly OnnxNode[]): ReadonlyMap<string, Uint32Array> {
  const place = new Map(products.map((node, i) => [node, i]));
  const words = Math.ceil((2 * products.length) / 32);
  const behind = new Map<string, Uint32Array>();
  for (const node of graph.nodes.toReversed()) {
    if (readsOnlyShape(node)) continue;
    const after = new Uint32Array(words);
    for (const output of node.outputs) {
      const bits = behind.get(output);
      if (bits) for (let w = 0; w < words; w++) after[w]! |= bits[w]!;
    }
    const product = place.get(node);
    for (const [operand, name] of [...node.inputs, ...node.captured].entries()) {
      if (name === '') continue;
      const bits = behind.get(name) ?? new Uint32Array(words);
      for (let w = 0; w < words; w++) bits[w]! |= after[w]!;
      if (product !== undefined && operand < 2) {
        const bit = 2 * product + operand;
        bits[bit >> 5]! |= 1 << (bit & 31);
      }
      behind.set(name, bits);
    }
  }
  return behind;
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
