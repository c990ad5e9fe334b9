import type { NdArray } from 'ndarray';
import type { EvidenceLedger } from '../map/evidence-ledger.ts';
import { fuse } from '../map/fuse.ts';
import { fuseLayers, tanhScaled } from '../map/fuse-layers.ts';
import { normalize, valueRange } from '../map/normalize.ts';
import { mapStatus, type Status } from '../map/status.ts';
import { upsample } from '../map/upsample.ts';
import { methodTable } from '../methods/method-table.ts';
import type { Explanation } from './explanation.ts';
import type { LayerMaps } from './layer-maps.ts';
import type { Plan } from './plan-request.ts';

type Map2d = NdArray<Float32Array>;
type Size = readonly [height: number, width: number];

/** From raw maps to what the user sees: fuse, normalise, upsample when read, and say whether it means anything. */
export function explainTarget(
  plan: Plan,
  maps: LayerMaps,
  inputSize: Size,
  ledger: () => EvidenceLedger,
): Pick<Explanation, 'cam' | 'saliencyMap' | 'status' | 'range' | 'ledger'> {
  const { layers, method, numbers } = plan;
  const finish = (map: Map2d) => normalize(map, numbers.normalize, { epsilon: numbers.epsilon });
  const combine = layers.length > 1 ? combineLayers(plan, maps, finish) : undefined;
  const raw = combine?.() ?? layerMap(plan, maps, layers[0] ?? '');
  const cam = finish(raw);
  const enlarge = (): Map2d => {
    if (combine) return finish(combine(inputSize));
    const large = upsample(cam, ...inputSize);
    return numbers.renormalizeAfterUpsample ? finish(large) : large;
  };
  let saliencyMap: Map2d | undefined;
  return {
    cam,
    get saliencyMap() {
      saliencyMap ??= enlarge();
      return saliencyMap;
    },
    status: statusOf(raw, plan, maps),
    range: { ...valueRange(raw.data), unit: combine ? 'relative' : methodTable[method.name].unit },
    ledger,
  };
}

/** The raw map of one layer. */
function layerMap({ method, numbers, request }: Plan, maps: LayerMaps, layer: string): Map2d {
  if (!methodTable[method.name].mixes) {
    return maps.map(method.name, method.variant, layer, request.eigenSmoothing);
  }
  return fuse(...maps.hybridParents(layer), method.alpha!, { epsilon: numbers.epsilon });
}

/** How the maps of several layers become one of a given size; by default that of the finest. */
function combineLayers(plan: Plan, maps: LayerMaps, finish: (map: Map2d) => Map2d): (size?: Size) => Map2d {
  const { method, numbers, request } = plan;
  const crossLayer = methodTable[method.name].layers === 2;
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

function crossLayerParts({ layers }: Plan, maps: LayerMaps): Map2d[] {
  return [maps.map('grad-cam', 'paper', layers[0]!), maps.map('layer-cam', 'paper', layers[1]!)];
}

function fusionParts(plan: Plan, maps: LayerMaps, finish: (map: Map2d) => Map2d): Map2d[] {
  const normalized = plan.layers.map((layer) => finish(layerMap(plan, maps, layer)));
  return plan.request.layerFusion === 'tanh-max' ? normalized.map(tanhScaled) : normalized;
}

/** Why an empty map is empty is found in what it is made of: the first part that is empty itself, else they do not overlap. */
function statusOf(raw: Map2d, { method, layers }: Plan, maps: LayerMaps): Status {
  const status = mapStatus(raw);
  if (status !== 'no-positive-evidence') return status;
  const { mixes, layers: layersPerMap } = methodTable[method.name];
  if (layersPerMap === 0) return status;
  for (const [i, layer] of layers.entries()) {
    const parents = (['grad-cam', 'layer-cam'] as const).filter(
      (_, parent) => layersPerMap === 1 || parent === i,
    );
    for (const part of mixes ? parents : [method.name]) {
      const map = maps.map(part, mixes ? 'paper' : method.variant, layer);
      const reason = mapStatus(map, maps.activations(layer), maps.gradients(layer));
      if (reason !== 'ok' && reason !== 'constant') return reason;
    }
  }
  return 'disjoint-parents';
}
