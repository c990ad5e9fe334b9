import { layerNotFound, type SpatialLayer, UnsupportedError } from '@hybridcam/core';
import { backwardPath } from './backward.ts';
import { consumers, type GraphNode, type ModelGraph, type SymbolicShape, upstream } from './model-graph.ts';

/** A spatial layer and where its numbers are found in the graph. */
export interface LayerSite {
  readonly layer: SpatialLayer;
  readonly value: string;
  /** The value behind the global mean, where the gradient is the same in every cell; else undefined. */
  readonly pooled: string | undefined;
}

/** Every rank-4 value with more than one cell, in forward order. @throws UnsupportedError when there is none */
export function findSpatialLayers(
  graph: ModelGraph,
  logits: string,
  blocked: ReadonlyMap<string, string>,
): { sites: LayerSite[]; defaultLayer: string } {
  const readers = consumers(graph.nodes);
  const onPath = upstream(graph.nodes, logits);
  const found = graph.nodes.flatMap((node) =>
    node.outputs.flatMap((value, index) => {
      const shape = graph.shapeOf(value);
      if (!onPath.has(value) || shape?.length !== 4 || shape[0] !== graph.input.shape[0]) return [];
      const size = spatialSize(shape, graph.layout);
      if (size.height === 1 && size.width === 1) return [];
      return [{ node, value, index, size, pooled: pooledValue(value, logits, readers) }];
    }),
  );
  const preferred = found.filter(({ pooled }) => pooled !== undefined).at(-1) ?? found.at(-1);
  if (!preferred) {
    throw new UnsupportedError(
      'tfjs model: expected a layer [batch, height, width, channels] before the scores; there is none.',
    );
  }
  const aliasCounts = new Map<string, number>();
  for (const { node } of found)
    for (const alias of node.aliases) aliasCounts.set(alias, (aliasCounts.get(alias) ?? 0) + 1);
  const names = new Set(graph.nodes.map(({ name }) => name));
  const parameters = parameterCounts(graph.nodes);
  const sites = found.map(({ node, value, index, size, pooled }): LayerSite => {
    const path = backwardPath(graph, logits, [value]).nodes;
    const blockers =
      path.length === 0 && value !== logits
        ? ['the scores depend on it only through integers']
        : [...new Set(path.flatMap(({ name }) => blocked.get(name) ?? []))];
    const aliases = node.aliases.filter((alias) => aliasCounts.get(alias) === 1 && !names.has(alias));
    const { channels, height, width } = size;
    const inputHeight = spatialSize(graph.input.shape, graph.input.layout).height;
    return {
      value,
      pooled: blockers.length > 0 ? undefined : pooled,
      layer: {
        name: node.outputs.length === 1 ? node.name : `${node.name}:${index}`,
        aliases: value === preferred.value ? [...aliases, 'last'] : aliases,
        shape:
          channels !== undefined && height !== undefined && width !== undefined
            ? [channels, height, width]
            : undefined,
        stride:
          inputHeight !== undefined && height !== undefined ? Math.round(inputHeight / height) : undefined,
        parameterCount: parameters(value),
        gradient: blockers.length > 0 ? 'unavailable' : pooled !== undefined ? 'constant' : 'varying',
        blockedBy: blockers.length > 0 ? blockers.join('; ') : undefined,
      },
    };
  });
  return { sites, defaultLayer: sites.find(({ value }) => value === preferred.value)!.layer.name };
}

/** @throws LayerNotFoundError with the reason where the name exists but is no spatial layer, else with near names */
export function resolveSite(graph: ModelGraph, sites: readonly LayerSite[], name: string): LayerSite {
  const site =
    sites.find(({ layer }) => layer.name === name) ?? sites.find(({ layer }) => layer.aliases.includes(name));
  if (site) return site;
  throw layerNotFound(
    name,
    sites.map(({ layer }) => layer),
    whyNot(graph, sites, name),
  );
}

function whyNot(graph: ModelGraph, sites: readonly LayerSite[], name: string): string | undefined {
  const names = sites.map(({ layer }) => layer.name);
  const parts = names.filter(
    (candidate) => candidate.startsWith(`${name}[`) || candidate.startsWith(`${name}:`),
  );
  if (parts.length > 0) {
    return `has several outputs in this model; say which: ${parts.map((part) => `"${part}"`).join(', ')}`;
  }
  const node = graph.nodes.find((other) => other.name === name || other.aliases.includes(name));
  if (node) {
    const shape = graph
      .shapeOf(node.outputs[0]!)
      ?.map((extent) => extent ?? '?')
      .join(', ');
    return `gives [${shape}], which is not several cells [batch, height, width, channels]`;
  }
  if (graph.isElsewhere(name)) {
    return `does not lead to the scores of output "${graph.outputName}"`;
  }
  return undefined;
}

/** The value behind the global mean if that mean is all that ever reads `value`. */
function pooledValue(
  value: string,
  logits: string,
  readers: ReadonlyMap<string, readonly GraphNode[]>,
): string | undefined {
  let current = value;
  for (;;) {
    const next = readers.get(current) ?? [];
    if (next.length !== 1 || current === logits) return undefined;
    const [node] = next as [GraphNode];
    if (node.role === 'global-mean') return node.outputs[0];
    if (node.role !== 'identity') return undefined;
    current = node.outputs[0]!;
  }
}

function parameterCounts(nodes: readonly GraphNode[]): (value: string) => number {
  return (value) => {
    const needed = upstream(nodes, value);
    const owners = new Map<unknown, number>();
    for (const node of nodes) {
      if (node.parameterCount > 0 && node.outputs.some((output) => needed.has(output))) {
        owners.set(node.parameterOwner, node.parameterCount);
      }
    }
    return [...owners.values()].reduce((sum, count) => sum + count, 0);
  };
}

export function spatialSize(
  shape: SymbolicShape,
  layout: 'NHWC' | 'NCHW',
): { channels: number | undefined; height: number | undefined; width: number | undefined } {
  const [, a, b, c] = shape;
  return layout === 'NHWC' ? { height: a, width: b, channels: c } : { channels: a, height: b, width: c };
}
