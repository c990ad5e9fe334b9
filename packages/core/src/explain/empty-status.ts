import type { Status } from '../kernels/cells-status.ts';
import { crossLayerParts } from './combine-layers.ts';
import { emptyReason } from './explain-target.ts';
import type { LayerMaps } from './layer-maps.ts';
import type { Plan } from './plan-request.ts';

/** Of a map of any layers that has no positive value: the reason of the first layer that has one. */
export function emptyStatus(plan: Plan, maps: LayerMaps): Status {
  const { method, layers } = plan;
  const { mixes, layers: layersPerMap } = method.facts;
  if (layersPerMap === 0) return 'no-positive-evidence';
  const partsOf = (i: number, layer: string) => {
    if (layersPerMap === 2) return [crossLayerParts(plan, maps)[i]!];
    return mixes ? maps.hybridParents(layer) : [maps.map(method, layer)];
  };
  for (const [i, layer] of layers.entries()) {
    const reason = emptyReason(partsOf(i, layer), maps, layer);
    if (reason !== 'disjoint-parents') return reason;
  }
  return 'disjoint-parents';
}
