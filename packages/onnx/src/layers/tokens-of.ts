import { OptionError } from '@hybridcam/core';
import type { GraphIndex } from '../graph/graph-index.ts';
import { forwardReachable } from '../graph/reach.ts';
import type { ImageInput } from '../model-input.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import { classTokenOnly } from './class-token-only.ts';
import type { Layout } from './layouts.ts';
import { type TokenLayout, tokenLayouts } from './token-layouts.ts';
import { isTokenwise } from './tokenwise.ts';

/** How tokens [batch, tokens, channels] make a map: what is left out is inferred. */
export interface TokenOption {
  /** Tokens before the map: class and register tokens. Default: those that are not in the grid. */
  readonly prefix?: number | undefined;
  /** Places of the map, stored row by row. Default: as many as the input has patches of one size. */
  readonly grid?: readonly [height: number, width: number] | undefined;
}

export interface TokensOfOptions {
  readonly graph: GraphIndex;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly input: ImageInput;
  readonly scores: string;
  readonly tokens?: TokenOption | undefined;
}

export interface Tokens {
  readonly tokens: ReadonlyMap<string, TokenLayout>;
  /** Those whose places do not influence the scores. */
  readonly unreached: ReadonlySet<string>;
}

/**
 * The token tensors of a model: followed through the graph from the map that was cut into patches; as the option says; or,
 * where the cutting was not recognised, by the one patch size that fits the number of tokens.
 * @throws OptionError for an option that no tensor fits
 */
export function tokensOf({ graph, shapes, layouts, input, scores, tokens: option }: TokensOfOptions): Tokens {
  const forward = forwardReachable(graph, [input.name]);
  let tokens = option ? new Map<string, TokenLayout>() : tokenLayouts(graph, shapes, layouts, forward);
  if (input.height === undefined || input.width === undefined) {
    // The grid of a size that was only assumed would be wrong at another.
    if (option?.grid === undefined) tokens = new Map();
  }
  const followed = tokens.size > 0;
  for (const node of followed ? [] : graph.nodes) {
    const [name = ''] = node.outputs;
    const dims = shapes.get(name)?.dims;
    if (dims?.length !== 3 || dims[1] === undefined || !forward.has(name)) continue;
    const mayBe = option !== undefined || (isTokenwise(node, forward) && layouts.size <= 1);
    const layout = mayBe ? layoutOfCount(dims[1], input, option) : undefined;
    if (layout) tokens.set(name, layout);
  }
  if (option && tokens.size === 0) {
    throw new OptionError(
      `createOnnxModel: expected "tokens" that fit tensors [batch, tokens, channels]; received prefix ${option.prefix ?? 'inferred'}, grid ${option.grid?.join('×') ?? 'inferred'}. Token counts in the model: ${counts(graph, shapes, forward)}.`,
    );
  }
  return { tokens, unreached: classTokenOnly(graph, tokens, forward, scores) };
}

/** Class and register tokens are few. */
const MAX_PREFIX = 16;

function layoutOfCount(
  count: number,
  input: ImageInput,
  { prefix, grid }: TokenOption = {},
): TokenLayout | undefined {
  if (grid) {
    const before = count - grid[0] * grid[1];
    return before >= 0 && before === (prefix ?? before) ? { prefix: before, grid } : undefined;
  }
  const { height, width } = input;
  if (height === undefined || width === undefined) return undefined;
  for (let patch = 1; patch <= Math.min(height, width); patch++) {
    if (height % patch !== 0 || width % patch !== 0) continue;
    const cells: [number, number] = [height / patch, width / patch];
    const before = count - cells[0] * cells[1];
    if (
      prefix === undefined ? before >= 0 && before <= MAX_PREFIX && before < count / 2 : before === prefix
    ) {
      return { prefix: before, grid: cells };
    }
  }
  return undefined;
}

function counts(
  graph: GraphIndex,
  shapes: ReadonlyMap<string, InferredValue>,
  forward: ReadonlySet<string>,
): string {
  const found = new Set<number>();
  for (const { outputs } of graph.nodes) {
    const dims = shapes.get(outputs[0] ?? '')?.dims;
    if (dims?.length === 3 && dims[1] !== undefined && forward.has(outputs[0]!)) found.add(dims[1]);
  }
  return [...found].join(', ') || 'none';
}
