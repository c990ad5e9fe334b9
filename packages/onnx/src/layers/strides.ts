import { intsAttribute } from '../graph/attributes.ts';
import type { GraphIndex } from '../graph/graph-index.ts';

/**
 * Input pixels per cell of every tensor reached from the input, from the strides of convolutions and poolings on the way
 * (vertical; undefined behind operations that have no such number).
 */
export function cellStrides(graph: GraphIndex, input: string): ReadonlyMap<string, number> {
  const strides = new Map<string, number>([[input, 1]]);
  for (const node of graph.nodes) {
    const incoming = node.inputs.flatMap((name) => strides.get(name) ?? []);
    if (incoming.length === 0) continue;
    const base = Math.max(...incoming);
    let factor: number | undefined = 1;
    if (
      node.opType === 'Conv' ||
      node.opType === 'MaxPool' ||
      node.opType === 'AveragePool' ||
      node.opType === 'LpPool'
    ) {
      const [vertical = 1, horizontal = vertical] = intsAttribute(node, 'strides') ?? [];
      factor = vertical === horizontal ? vertical : undefined;
    } else if (CHANGES_CELLS.has(node.opType)) factor = undefined;
    if (factor === undefined) continue;
    for (const output of node.outputs) strides.set(output, base * factor);
  }
  return strides;
}

const CHANGES_CELLS = new Set([
  'ConvTranspose',
  'DepthToSpace',
  'Flatten',
  'Gemm',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'Reshape',
  'Resize',
  'Shape',
  'Slice',
  'SpaceToDepth',
  'Upsample',
]);
