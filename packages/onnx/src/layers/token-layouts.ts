import { intAttribute, intsAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import type { Layout } from './layouts.ts';
import { isTokenwise } from './tokenwise.ts';

/** A tensor [batch, tokens, channels] of which a run of tokens, row by row, is a map. */
export interface TokenLayout {
  /** Tokens before the map: class and register tokens. */
  readonly prefix: number;
  readonly grid: readonly [height: number, width: number];
}

/**
 * Token layouts of a vision transformer. A map that is flattened becomes tokens of its grid, a concatenation puts class tokens
 * before them, and layers that treat each token alone keep them. Attention itself mixes places and has no layout.
 */
export function tokenLayouts(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  layouts: ReadonlyMap<string, Layout>,
  forward: ReadonlySet<string>,
): Map<string, TokenLayout> {
  const tokens = new Map<string, TokenLayout>();
  /** Maps flattened to [batch, channels, cells]. */
  const columns = new Map<string, TokenLayout['grid']>();
  const dimsOf = (name: string): InferredValue['dims'] | undefined => shapes.get(name)?.dims;
  for (const node of graph.nodes) {
    const [data = ''] = node.inputs;
    const [result = ''] = node.outputs;
    const dims = dimsOf(result);
    if (dims?.length !== 3 || node.domain === 'ai.onnx.ml') continue;
    const before = dimsOf(data);
    const known = tokens.get(data);
    let layout: TokenLayout | undefined;
    if (node.opType === 'Reshape' || node.opType === 'Flatten') {
      const grid = flattenedGrid(layouts.get(data), before, dims);
      if (grid && layouts.get(data) === 'nchw') columns.set(result, grid);
      else if (grid) layout = { prefix: 0, grid };
      else if (known && before?.length === 3 && before.every((extent, axis) => extent === dims[axis]))
        layout = known;
    } else if (node.opType === 'Transpose') {
      const grid = columns.get(data);
      if (grid && intsAttribute(node, 'perm')?.join() === '0,2,1') layout = { prefix: 0, grid };
    } else if (node.opType === 'Concat') layout = concatenated(node, dims, tokens, dimsOf);
    else if (node.opType === 'Slice') layout = known && sliced(graph, node, known, dims);
    else if (isTokenwise(node, forward)) {
      const source = node.inputs.find((name) => tokens.has(name) && dimsOf(name)?.[1] === dims[1]);
      layout = source === undefined ? undefined : tokens.get(source);
    }
    if (layout) tokens.set(result, layout);
  }
  return tokens;
}

/** The grid of a map whose places were put in a row. */
function flattenedGrid(
  layout: Layout | undefined,
  map: InferredValue['dims'] | undefined,
  row: InferredValue['dims'],
): TokenLayout['grid'] | undefined {
  if (!layout || map?.length !== 4) return undefined;
  const [height, width, channels] = layout === 'nchw' ? [map[2], map[3], map[1]] : [map[1], map[2], map[3]];
  if (height === undefined || width === undefined || channels === undefined) return undefined;
  const [cells, own] = layout === 'nchw' ? [row[2], row[1]] : [row[1], row[2]];
  return cells === height * width && own === channels ? [height, width] : undefined;
}

function concatenated(
  node: OnnxNode,
  dims: InferredValue['dims'],
  tokens: ReadonlyMap<string, TokenLayout>,
  dimsOf: (name: string) => InferredValue['dims'] | undefined,
): TokenLayout | undefined {
  const axis = intAttribute(node, 'axis', 0);
  const at = node.inputs.findIndex((name) => tokens.has(name));
  const layout = tokens.get(node.inputs[at] ?? '');
  if (!layout || (axis !== 1 && axis !== -2)) return undefined;
  const own = dimsOf(node.inputs[at]!)?.[1];
  // Of a class token that is expanded to the batch no shape may be known; what is not ours is before us if we are last.
  const rest =
    at === node.inputs.length - 1 && own !== undefined ? (dims[1] ?? Number.NaN) - own : Number.NaN;
  const before = node.inputs.slice(0, at).map((name) => dimsOf(name)?.[1] ?? Number.NaN);
  const sum = before.reduce((total, extent) => total + extent, 0);
  const added = Number.isNaN(sum) ? rest : sum;
  return Number.isNaN(added) ? undefined : { ...layout, prefix: layout.prefix + added };
}

function sliced(
  graph: GraphIndex,
  node: OnnxNode,
  { prefix, grid }: TokenLayout,
  dims: InferredValue['dims'],
): TokenLayout | undefined {
  const range = slicedTokens(graph, node);
  if (!range || range.start > prefix) return undefined;
  const left = prefix - range.start;
  return (dims[1] ?? 0) >= left + grid[0] * grid[1] ? { prefix: left, grid } : undefined;
}

/** Which tokens a Slice of axis 1 keeps, where that is constant. */
export function slicedTokens(
  graph: GraphIndex,
  node: OnnxNode,
): { readonly start: number; readonly end: number } | undefined {
  const values = (input: number, attribute: string): readonly number[] | undefined =>
    intsAttribute(node, attribute) ?? constantOf(graph, node.inputs[input] ?? '')?.numbers();
  const [starts, ends] = [values(1, 'starts'), values(2, 'ends')];
  const axes = values(3, 'axes') ?? starts?.map((_, axis) => axis);
  const steps = values(4, 'steps');
  const at = axes?.findIndex((axis) => axis === 1 || axis === -2) ?? -1;
  const [start, end] = [starts?.[at], ends?.[at]];
  if (at < 0 || start === undefined || end === undefined || start < 0) return undefined;
  return (steps?.[at] ?? 1) === 1 ? { start, end } : undefined;
}
