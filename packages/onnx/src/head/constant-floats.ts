import { intAttribute, intsAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';

export interface FloatConstant {
  readonly dims: readonly number[];
  /** Read when first needed: unaligned in the file they are a copy, of megabytes, which a session's creation should not find in memory. */
  readonly values: Float32Array;
}

/**
 * A weight as float32, also where the exporter stores it behind Cast, Transpose or DequantizeLinear (weight-only
 * quantisation). undefined when it depends on anything else.
 */
export function constantFloats(
  graph: GraphIndex,
  name: string,
  files: ExternalFiles,
): FloatConstant | undefined {
  const direct = constantOf(graph, name, files);
  if (direct) return direct.dataType === 'string' ? undefined : lazily(direct.dims, direct.floats);
  const node = graph.producer.get(name);
  if (node?.domain !== '') return undefined;
  if (node.opType === 'Cast' || node.opType === 'Identity')
    return constantFloats(graph, node.inputs[0]!, files);
  if (node.opType === 'Transpose') {
    const source = constantFloats(graph, node.inputs[0]!, files);
    const perm = intsAttribute(node, 'perm');
    if (source?.dims.length !== 2 || (perm && !(perm[0] === 1 && perm[1] === 0))) return undefined;
    const [rows, columns] = source.dims as [number, number];
    const values = new Float32Array(source.values.length);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) values[j * rows + i] = source.values[i * columns + j]!;
    }
    return { dims: [columns, rows], values };
  }
  if (node.opType === 'DequantizeLinear' && intAttribute(node, 'block_size', 0) === 0) {
    const quantised = constantFloats(graph, node.inputs[0]!, files);
    const scale = constantFloats(graph, node.inputs[1]!, files);
    const zero = node.inputs[2] ? constantFloats(graph, node.inputs[2], files) : undefined;
    if (!quantised || !scale || (node.inputs[2] && !zero)) return undefined;
    const rank = quantised.dims.length;
    const axis = (intAttribute(node, 'axis', 1) + rank) % rank;
    const inner = quantised.dims.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    const perAxis = scale.values.length > 1;
    const values = quantised.values.map((value, i) => {
      const channel = perAxis ? Math.floor(i / inner) % quantised.dims[axis]! : 0;
      return Math.fround((value - (zero?.values[channel] ?? 0)) * scale.values[channel]!);
    });
    return { dims: quantised.dims, values };
  }
  return undefined;
}

function lazily(dims: readonly number[], read: () => Float32Array): FloatConstant {
  let known: Float32Array | undefined;
  return {
    dims,
    get values() {
      known ??= read();
      return known;
    },
  };
}
