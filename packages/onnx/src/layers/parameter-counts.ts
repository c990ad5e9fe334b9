import type { GraphIndex } from '../graph/graph-index.ts';
import { isFloatType } from '../proto/data-type.ts';
import { elementCount } from '../proto/tensor-values.ts';

/**
 * Number of parameters a tensor depends on: elements of float initializers, each counted once however often it is used.
 * One pass over the graph with a bit per initializer, for all tensors.
 */
export function parameterCounts(graph: GraphIndex): (tensor: string) => number {
  const sizes: number[] = [];
  const bitOf = new Map<string, number>();
  for (const tensor of graph.initializers.values()) {
    if (!isFloatType(tensor.dataType)) continue;
    bitOf.set(tensor.name, sizes.length);
    sizes.push(elementCount(tensor));
  }
  const words = Math.ceil(sizes.length / 32);
  const used = new Map<string, Uint32Array>();
  for (const node of graph.nodes) {
    const bits = new Uint32Array(words);
    for (const input of [...node.inputs, ...node.captured]) {
      const bit = bitOf.get(input);
      if (bit !== undefined) bits[bit >> 5]! |= 1 << (bit & 31);
      const before = used.get(input);
      if (before) for (let w = 0; w < words; w++) bits[w]! |= before[w]!;
    }
    for (const output of node.outputs) used.set(output, bits);
  }
  return (tensor) => {
    const bits = used.get(tensor);
    let count = 0;
    for (const [bit, size] of sizes.entries()) {
      if (bits && (bits[bit >> 5]! >>> (bit & 31)) & 1) count += size;
    }
    return count;
  };
}
