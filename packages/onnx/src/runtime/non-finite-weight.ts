import type { GraphIndex } from '../graph/graph-index.ts';
import { isFloatType } from '../proto/data-type.ts';
import { type ExternalFiles, tensorFloats } from '../proto/tensor-values.ts';

/** Name of the first float initializer with a NaN or infinity in it. Reads all weights: for error messages only. */
export function nonFiniteWeight(graph: GraphIndex, files: ExternalFiles): string | undefined {
  for (const tensor of graph.initializers.values()) {
    if (!isFloatType(tensor.dataType)) continue;
    for (const value of tensorFloats(tensor, files)) if (!Number.isFinite(value)) return tensor.name;
  }
  return undefined;
}
