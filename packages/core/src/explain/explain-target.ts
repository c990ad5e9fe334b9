import type { NdArray } from 'ndarray';
import { bilinear } from '../kernels/bilinear.ts';
import { cellsStatus, type Status } from '../kernels/cells-status.ts';
import { fused } from '../kernels/fused.ts';
import { normalized } from '../kernels/normalized.ts';
import { toMap } from '../kernels/to-map.ts';
import { valueRange } from '../kernels/value-range.ts';
import { pack } from '../view.ts';
import type * as everyRequest from './every-request.ts';
import type { Explanation } from './explanation.ts';
import type { LayerMaps } from './layer-maps.ts';
import type { Plan } from './plan-request.ts';

type Map2d = NdArray<Float32Array>;
type Size = readonly [height: number, width: number];

/**
 * From raw maps to what the user sees: fuse, normalise, upsample when read, and say whether it means anything. Our own maps and a planned
 * request need not be checked again as `fuse`, `normalize` and `upsample` check theirs.
 */
export function explainTarget(
  plan: Plan,
  maps: LayerMaps,
  inputSize: Size,
  every: typeof everyRequest | undefined,
): Pick<Explanation, 'cam' | 'saliencyMap' | 'status' | 'range'> {
  const { layers, method, numbers } = plan;
  const finish = (map: Map2d) =>
    toMap('normalize', normalized(pack(map), numbers.normalize, numbers.epsilon), ...sizeOf(map));
  const combine = layers.length > 1 ? every!.combineLayers(plan, maps, finish) : undefined;
  const raw = combine?.() ?? layerMap(plan, maps, layers[0] ?? '');
  const cam = finish(raw);
  const enlarge = (): Map2d => {
    if (combine) return finish(combine(inputSize));
    const large = toMap('upsample', bilinear(cam.data, sizeOf(cam), inputSize), ...inputSize);
    return numbers.renormalizeAfterUpsample ? finish(large) : large;
  };
  let saliencyMap: Map2d | undefined;
  return {
    cam,
    get saliencyMap() {
      saliencyMap ??= enlarge();
      return saliencyMap;
    },
    status: statusOf(raw, plan, maps, every),
    range: { ...valueRange(raw.data), unit: combine ? 'relative' : method.facts.unit },
  };
}

/** The raw map of one layer. */
export function layerMap({ method, numbers, request }: Plan, maps: LayerMaps, layer: string): Map2d {
  if (!method.facts.mixes) {
    return maps.map(method, layer, request.eigenSmoothing);
  }
  const [first, second] = maps.hybridParents(layer);
  return toMap('fuse', fused(first.data, second.data, method.alpha!, numbers.epsilon), ...sizeOf(first));
}

function sizeOf({ shape }: Map2d): Size {
  return shape as [number, number];
}

function statusOf(raw: Map2d, plan: Plan, maps: LayerMaps, every: typeof everyRequest | undefined): Status {
  const status = cellsStatus(raw.data);
  if (status !== 'no-positive-evidence') return status;
  if (every) return every.emptyStatus(plan, maps);
  const layer = plan.layers[0]!;
  return emptyReason(plan.method.facts.mixes ? maps.hybridParents(layer) : [raw], maps, layer);
}

/** Why an empty map is empty is found in what it is made of: the first part that is empty itself, else they do not overlap. */
export function emptyReason(parts: readonly Map2d[], maps: LayerMaps, layer: string): Status {
  const gradients = maps.gradients(layer);
  for (const part of parts) {
    const reason = cellsStatus(
      part.data,
      () => pack(maps.activations(layer)),
      () => gradients && pack(gradients),
    );
    if (reason !== 'ok' && reason !== 'constant') return reason;
  }
  return 'disjoint-parents';
}
