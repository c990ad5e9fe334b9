import {
  fuse,
  type MethodName,
  mapStatus,
  type NdArray,
  normalize,
  type Status,
  upsample,
  view,
} from '@hybridcam/core';
import type { Evidence, NamedMap, RawMap } from './protocol.ts';

/** A map ready to draw: [height, width] in [0, 1] at the layer's size and, on demand, at another. */
export interface ReadyMap {
  readonly cells: NdArray<Float32Array>;
  readonly status: Status;
  /** What 1 stands for, in the target's unit; undefined where a map has none. */
  readonly peak: number | undefined;
  at(height: number, width: number): NdArray<Float32Array>;
}

/** The map of the state's method from what the worker found: the same numbers as `explain`, without running the network. */
export function readyMap(evidence: Evidence, method: MethodName, alpha: number): ReadyMap | undefined {
  switch (method) {
    case 'hybrid':
      return hybridMap(evidence.gradCam, evidence.layerCam, alpha);
    case 'cross-layer-hybrid':
      return evidence.cross && crossMap(evidence.cross.gradCam, evidence.cross.layerCam, alpha);
    case 'grad-cam':
      return singleMap(evidence.gradCam, evidence.gradCam.unit);
    case 'layer-cam':
      return singleMap(evidence.layerCam, evidence.layerCam.unit);
    default: {
      const { other } = evidence;
      return other?.method === method && other.map ? singleMap(other.map, other.map.unit) : undefined;
    }
  }
}

/** The value of the cell at a point (as shares of the input): in the target's unit where the map has one, else as a share of its peak. */
export function valueAt(
  { cells, peak }: ReadyMap,
  { x, y }: { readonly x: number; readonly y: number },
): number {
  const [height, width] = cells.shape as [number, number];
  return cells.get(Math.floor(y * height), Math.floor(x * width)) * (peak ?? 1);
}

/** A method of the comparison, the cross-layer hybrid at this alpha. */
export function comparedMap({ map, cross }: NamedMap, alpha: number): ReadyMap | undefined {
  if (cross) return crossMap(cross.gradCam, cross.layerCam, alpha);
  return map && singleMap(map, map.unit);
}

/** A raw map divided by its maximum. */
export function singleMap(map: RawMap, unit: 'score' | 'relative' = 'score'): ReadyMap {
  const raw = toView(map);
  const cells = normalize(raw);
  const peak = Math.max(...map.data);
  return {
    cells,
    status: mapStatus(raw),
    peak: unit === 'score' ? peak : undefined,
    at: (height, width) => upsample(cells, height, width),
  };
}

/** Grad-CAM and LayerCAM of one layer, mixed. */
export function hybridMap(gradCam: RawMap, layerCam: RawMap, alpha: number): ReadyMap {
  const raw = fuse(toView(gradCam), toView(layerCam), alpha);
  const cells = normalize(raw);
  return {
    cells,
    status: mapStatus(raw),
    peak: undefined,
    at: (height, width) => upsample(cells, height, width),
  };
}

/** The parents at input size are kept: moving alpha must not enlarge them again. */
const enlarged = new WeakMap<RawMap, NdArray<Float32Array>>();

function crossMap(gradCam: RawMap, layerCam: RawMap, alpha: number): ReadyMap {
  const fused = (height: number, width: number) =>
    normalize(fuse(enlarge(gradCam, height, width), enlarge(layerCam, height, width), alpha));
  const cells = normalize(
    fuse(
      upsample(toView(gradCam), layerCam.height, layerCam.width),
      upsample(toView(layerCam), layerCam.height, layerCam.width),
      alpha,
    ),
  );
  return { cells, status: mapStatus(cells), peak: undefined, at: fused };
}

function enlarge(map: RawMap, height: number, width: number): NdArray<Float32Array> {
  const known = enlarged.get(map);
  if (known?.shape[0] === height && known.shape[1] === width) return known;
  const large = upsample(toView(map), height, width);
  enlarged.set(map, large);
  return large;
}

/** Share of each cell's positive evidence that negative evidence leaves: 1 pure, 0 outweighed. */
export function purityMap(positive: RawMap, negative: RawMap): RawMap {
  const data = positive.data.map((p, i) => (p > 0 ? Math.max(0, 1 - negative.data[i]! / p) : 0));
  return { data, height: positive.height, width: positive.width };
}

export function toView({ data, height, width }: RawMap): NdArray<Float32Array> {
  return view(data, [height, width]);
}
