import type { SpatialLayer } from '@hybridcam/core';
import type { GraphIndex } from '../graph/graph-index.ts';
import { moduleScopes, preferredScope } from './scopes.ts';
import type { SpatialTensor } from './spatial-tensors.ts';

/** How a gradient is had at a tensor. */
export type GradientKind = Pick<SpatialLayer, 'gradient' | 'blockedBy'>;

export interface LayerFacts {
  readonly graph: GraphIndex;
  readonly strides: ReadonlyMap<string, number>;
  readonly inputHeight: number | undefined;
  readonly parameterCount: (tensor: string) => number;
  readonly gradientOf: (tensor: string) => GradientKind;
  readonly costOf: (tensor: string) => number | undefined;
  /** Tensor of the default layer. */
  readonly defaultTensor: string;
}

/** A layer of the list and the tensor behind it. */
export interface ListedLayer {
  readonly tensor: SpatialTensor;
  readonly layer: SpatialLayer;
}

/**
 * One layer per module: the last map that each module scope makes (every map, where the exporter left no scopes). A map that
 * ends several nested modules is one layer with all their paths as names.
 */
export function listLayers(tensors: readonly SpatialTensor[], facts: LayerFacts): readonly ListedLayer[] {
  const lastOfScope = new Map<string, string>();
  for (const { name, node } of tensors) for (const scope of moduleScopes(node)) lastOfScope.set(scope, name);
  const scopesOf = new Map<string, string[]>();
  for (const [scope, name] of lastOfScope) scopesOf.set(name, [...(scopesOf.get(name) ?? []), scope]);
  const whole = wholeScopes(tensors);
  const listed = tensors.filter((tensor) => {
    // A slice without a module's name is a step of something else: a shift, a patch merging, a split of channels.
    const unscoped = moduleScopes(tensor.node).length === 0 && tensor.node.opType !== 'Slice';
    return scopesOf.has(tensor.name) || unscoped || tensor.name === facts.defaultTensor;
  });
  const stages = stageAliases(listed, (name) => scopesOf.get(name) ?? [], facts);
  const taken = new Set<string>();
  const layers: ListedLayer[] = [];
  for (const tensor of listed) {
    const scopes = scopesOf.get(tensor.name) ?? [];
    const preferred = preferredScope(scopes.filter((scope) => !whole.has(scope))) ?? preferredScope(scopes);
    const name = preferred !== undefined && !taken.has(preferred) ? preferred : tensor.name;
    const names = [tensor.name, ...scopes, ...(stages.get(tensor.name) ?? [])];
    if (tensor.name === facts.defaultTensor) names.push('last');
    taken.add(name);
    layers.push({ tensor, layer: describeLayer(tensor, name, [...new Set(names)], facts) });
  }
  return layers;
}

/** Scopes that every map with scopes lies in: TensorFlow's exporters begin each name with the model's, which names no layer. */
function wholeScopes(tensors: readonly SpatialTensor[]): ReadonlySet<string> {
  const [first = [], ...others] = tensors
    .map(({ node }) => moduleScopes(node))
    .filter(({ length }) => length > 0);
  return new Set(first.filter((scope) => others.every((scopes) => scopes.includes(scope))));
}

/**
 * `stage1` to `stage4`: where 4, 8, 16, 32 input pixels per cell end, as the stages of most networks are numbered. The next stage's
 * first block often begins at the old size (a 1×1 convolution, the padding before a stride), so of the listed maps of a size it is the last
 * of those that end an outermost module. Only maps that a gradient reaches; of a transformer's tokens, which have one size throughout, none.
 */
function stageAliases(
  listed: readonly SpatialTensor[],
  scopesOf: (tensor: string) => readonly string[],
  facts: LayerFacts,
): ReadonlyMap<string, readonly string[]> {
  // Infinity: a step of the network's own forward, which lies in no module and counts as an outermost one.
  const depthOf = ({ name }: SpatialTensor): number =>
    Math.min(...scopesOf(name).map((scope) => scope.split(/[./]/).length));
  const aliases = new Map<string, string[]>();
  for (const stage of [1, 2, 3, 4]) {
    const maps = listed.filter(
      (tensor) =>
        typeof tensor.layout === 'string' &&
        tensor.node.opType !== 'Pad' &&
        strideOf(tensor, facts) === 2 ** (stage + 1) &&
        facts.gradientOf(tensor.name).gradient !== 'unavailable',
    );
    const outermost = Math.min(...maps.map(depthOf));
    const last = maps.findLast((tensor) => [outermost, Number.POSITIVE_INFINITY].includes(depthOf(tensor)));
    if (last) aliases.set(last.name, [`stage${stage}`]);
  }
  return aliases;
}

/** The contract's description of a tensor under a canonical name. */
export function describeLayer(
  tensor: SpatialTensor,
  name: string,
  names: readonly string[],
  facts: LayerFacts,
): SpatialLayer {
  const { parameterCount, gradientOf, costOf } = facts;
  const kind = gradientOf(tensor.name);
  return {
    name,
    aliases: names.filter((alias) => alias !== name),
    shape: tensor.shape,
    stride: strideOf(tensor, facts),
    parameterCount: parameterCount(tensor.name),
    ...kind,
    cost: kind.gradient === 'unavailable' ? undefined : costOf(tensor.name),
    layout: layoutText(tensor.layout),
  };
}

function strideOf({ name, shape }: SpatialTensor, { strides, inputHeight }: LayerFacts): number | undefined {
  // Behind a channel shuffle (Reshape) the way tells nothing, but the sizes do where they divide.
  const ratio = inputHeight !== undefined && shape ? inputHeight / shape[1] : undefined;
  return strides.get(name) ?? (Number.isInteger(ratio) ? ratio : undefined);
}

function layoutText(layout: SpatialTensor['layout']): string {
  return typeof layout === 'string' ? layout : `tokens, ${layout.prefix} before ${layout.grid.join('×')}`;
}
