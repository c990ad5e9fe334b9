import type { NdArray } from 'ndarray';
import { fuse } from '../map/fuse.ts';
import { fuseLayers, tanhScaled } from '../map/fuse-layers.ts';
import { upsample } from '../map/upsample.ts';
import { hybridParts } from '../methods/hybrid-parts.ts';
import { layerMap } from './explain-target.ts';
import type { LayerMaps } from './layer-maps.ts';
import type { Plan } from './plan-request.ts';

type Map2d = NdArray<Float32Array>;
type Size = readonly [height: number, width: number];

/** How the maps of several layers become one of a given size; by default that of the finest. */
export function combineLayers(
  plan: Plan,
  maps: LayerMaps,
  finish: (map: Map2d) => Map2d,
): (size?: Size) => Map2d {
  const { method, numbers, request } = plan;
  const crossLayer = method.facts.layers === 2;
  // Made outside the function that is returned: an explanation lives longer than the pass, whose tensors it must not hold.
  const parts = crossLayer ? crossLayerParts(plan, maps) : fusionParts(plan, maps, finish);
  const finest = [0, 1].map((axis) => Math.max(...parts.map((part) => part.shape[axis]!))) as [
    number,
    number,
  ];
  return (size = finest) => {
    const resized = parts.map((part) => upsample(part, ...size));
    if (crossLayer) return fuse(resized[0]!, resized[1]!, method.alpha!, { epsilon: numbers.epsilon });
    return fuseLayers(resized, request.layerFusion === 'tanh-max' ? 'max' : request.layerFusion!);
  };
}

/** What the cross-layer hybrid is made of. */
export function crossLayerParts({ layers }: Plan, maps: LayerMaps): Map2d[] {
  return hybridParts.map((part, i) => maps.map(part, layers[i]!));
}

function fusionParts(plan: Plan, maps: LayerMaps, finish: (map: Map2d) => Map2d): Map2d[] {
  const normalized = plan.layers.map((layer) => finish(layerMap(plan, maps, layer)));
  return plan.request.layerFusion === 'tanh-max' ? normalized.map(tanhScaled) : normalized;
}
