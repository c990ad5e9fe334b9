import type { NdArray } from 'ndarray';
import { fuse } from '../map/fuse.ts';
import { normalize, valueRange } from '../map/normalize.ts';
import { mapStatus, type Status } from '../map/status.ts';
import { upsample } from '../map/upsample.ts';
import { hybridParts } from '../methods/plain-methods.ts';
import type * as everyRequest from './every-request.ts';
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
  every: typeof everyRequest | undefined,
): Pick<Explanation, 'cam' | 'saliencyMap' | 'status' | 'range'> {
  const { layers, method, numbers } = plan;
  const finish = (map: Map2d) => normalize(map, numbers.normalize, { epsilon: numbers.epsilon });
  const combine = layers.length > 1 ? every!.combineLayers(plan, maps, finish) : undefined;
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
    range: { ...valueRange(raw.data), unit: combine ? 'relative' : method.facts.unit },
  };
}

/** The raw map of one layer. */
export function layerMap({ method, numbers, request }: Plan, maps: LayerMaps, layer: string): Map2d {
  if (!method.facts.mixes) {
    return maps.map(method, layer, request.eigenSmoothing);
  }
  return fuse(...maps.hybridParents(layer), method.alpha!, { epsilon: numbers.epsilon });
}

/** Why an empty map is empty is found in what it is made of: the first part that is empty itself, else they do not overlap. */
function statusOf(raw: Map2d, { method, layers }: Plan, maps: LayerMaps): Status {
  const status = mapStatus(raw);
  if (status !== 'no-positive-evidence') return status;
  const { mixes, layers: layersPerMap } = method.facts;
  if (layersPerMap === 0) return status;
  for (const [i, layer] of layers.entries()) {
    const parents = hybridParts.filter((_, parent) => layersPerMap === 1 || parent === i);
    for (const part of mixes ? parents : [method]) {
      const map = maps.map(part, layer);
      const reason = mapStatus(map, maps.activations(layer), maps.gradients(layer));
      if (reason !== 'ok' && reason !== 'constant') return reason;
    }
  }
  return 'disjoint-parents';
}
