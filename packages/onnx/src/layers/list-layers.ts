import type { SpatialLayer } from '@hybridcam/core';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { NamedTensor } from './name-layers.ts';
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

/** The layers as the contract has them, with `stage1` to `stage4` and `last` among their aliases. */
export function listLayers(named: readonly NamedTensor[], facts: LayerFacts): readonly ListedLayer[] {
  const stages = stageAliases(named, facts);
  return named.map(({ tensor, name, scopes }) => {
    const names = [tensor.name, ...scopes, ...(stages.get(tensor.name) ?? [])];
    if (tensor.name === facts.defaultTensor) names.push('last');
    return { tensor, layer: describeLayer(tensor, name, [...new Set(names)], facts) };
  });
}

/**
 * `stage1` to `stage4`: where 4, 8, 16, 32 input pixels per cell end, as the stages of most networks are numbered. The next stage's
 * first block often begins at the old size (a 1×1 convolution, the padding before a stride), so of the listed maps of a size it is the last
 * of those that end an outermost module. Only maps that a gradient reaches; of a transformer's tokens, which have one size throughout, none.
 */
function stageAliases(
  named: readonly NamedTensor[],
  facts: LayerFacts,
): ReadonlyMap<string, readonly string[]> {
  // Infinity: a step of the network's own forward, which lies in no module and counts as an outermost one.
  const depthOf = ({ scopes }: NamedTensor): number =>
    Math.min(...scopes.map((scope) => scope.split(/[./]/).length));
  const aliases = new Map<string, string[]>();
  for (const stage of [1, 2, 3, 4]) {
    const maps = named.filter(
      ({ tensor }) =>
        typeof tensor.layout === 'string' &&
        tensor.node.opType !== 'Pad' &&
        strideOf(tensor, facts) === 2 ** (stage + 1) &&
        facts.gradientOf(tensor.name).gradient !== 'unavailable',
    );
    const outermost = Math.min(...maps.map(depthOf));
    const last = maps.findLast((map) => [outermost, Number.POSITIVE_INFINITY].includes(depthOf(map)));
    if (last) aliases.set(last.tensor.name, [`stage${stage}`]);
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
