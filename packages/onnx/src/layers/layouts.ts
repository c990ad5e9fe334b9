import { intsAttribute } from '../graph/attributes.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';

export type Layout = 'nchw' | 'nhwc';

/**
 * Which axes of the tensors with 4 axes are channels and places. Known from the input and from convolutions on, carried through
 * elementwise operations, turned by transposes; a linear layer or layer norm over the last axis means channels-last. What
 * comes out of a reshape is a map only where the places stayed (channel shuffles); attention matrices, for one, get no layout.
 */
export function tensorLayouts(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  input: { readonly name: string; readonly layout: Layout },
): ReadonlyMap<string, Layout> {
  const layouts = new Map<string, Layout>([[input.name, input.layout]]);
  /** [channels, height, width] of the channels-first map that a reshaped tensor holds the values of. */
  const origins = new Map<string, readonly (number | undefined)[]>();
  for (const node of graph.nodes) {
    const layout = resultLayout(graph, shapes, layouts, origins, node);
    const [data, result] = [node.inputs[0] ?? '', node.outputs[0] ?? ''];
    if (layout) for (const output of node.outputs) layouts.set(output, layout);
    if (RENAMES.has(node.opType) || keepsPlaces(node)) {
      const own = layouts.get(data) === 'nchw' ? shapes.get(data)?.dims.slice(1) : origins.get(data);
      if (own) origins.set(result, own);
    }
  }
  return layouts;
}

function resultLayout(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  layouts: ReadonlyMap<string, Layout>,
  origins: ReadonlyMap<string, readonly (number | undefined)[]>,
  node: OnnxNode,
): Layout | undefined {
  const [data = '', second = ''] = node.inputs;
  const dims = shapes.get(node.outputs[0] ?? '')?.dims;
  if (dims && dims.length !== 4) return undefined;
  if (CHANNELS_FIRST.has(node.opType)) return 'nchw';
  const before = layouts.get(data);
  if (node.opType === 'Transpose') return before && transposed(before, intsAttribute(node, 'perm'));
  if (RENAMES.has(node.opType)) {
    const origin = before === 'nchw' ? shapes.get(data)?.dims.slice(1) : origins.get(data);
    const same = origin?.every((extent, i) => extent !== undefined && extent === dims?.[i + 1]);
    return same ? 'nchw' : undefined;
  }
  if (node.opType === 'MatMul') {
    return graph.initializers.get(second)?.dims.length === 2 ? 'nhwc' : undefined;
  }
  if (node.opType === 'LayerNormalization') return before ?? 'nhwc';
  const known = new Set(node.inputs.flatMap((name) => layouts.get(name) ?? []));
  return known.size === 1 ? [...known][0] : undefined;
}

/** Roles of the axes after a transpose; other orders than the two are no layout. */
function transposed(layout: Layout, perm: readonly number[] | undefined): Layout | undefined {
  const roles = (perm ?? [3, 2, 1, 0]).map((axis) => layout[axis]).join('');
  return roles === 'nchw' || roles === 'nhwc' ? roles : undefined;
}

/** A transpose that leaves the last two axes where they are. */
function keepsPlaces(node: OnnxNode): boolean {
  const perm = node.opType === 'Transpose' ? intsAttribute(node, 'perm') : undefined;
  return perm !== undefined && perm.at(-1) === perm.length - 1 && perm.at(-2) === perm.length - 2;
}

const RENAMES = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Expand']);

const CHANNELS_FIRST = new Set([
  'AveragePool',
  'BatchNormalization',
  'Conv',
  'ConvTranspose',
  'DepthToSpace',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'GroupNormalization',
  'InstanceNormalization',
  'LpPool',
  'LRN',
  'MaxPool',
  'SpaceToDepth',
]);
