import type { MethodName } from '@hybridcam/core';
import { hybridMap, type ReadyMap, singleMap } from './maps.ts';
import type { ClassMapData, RawMap } from './protocol.ts';

export interface ClassMapWish {
  readonly classIndex: number;
  readonly against: number | undefined;
  readonly method: MethodName;
  readonly alpha: number;
}

/** Behind pooling and one linear layer these are all ReLU(P − N), for a difference of scores too: they are linear in the head. */
const gradCamLike: ReadonlySet<MethodName> = new Set(['grad-cam', 'xgrad-cam', 'hires-cam']);

/**
 * A method's map of any class from the maps of all classes (core's `allClassMaps`), without the network; undefined where the method,
 * or a contrast with it, does not follow from them: the positive part of a difference is not the difference of positive parts.
 */
export function classMap(
  maps: ClassMapData,
  { classIndex, against, method, alpha }: ClassMapWish,
): ReadyMap | undefined {
  const positive = part(maps, maps.positive, classIndex);
  const negative = part(maps, maps.negative, classIndex);
  const evidence = combine(positive, negative, (p, n) => p - n);
  const signed =
    against === undefined
      ? evidence
      : combine(
          evidence,
          combine(part(maps, maps.positive, against), part(maps, maps.negative, against), (p, n) => p - n),
          (a, b) => a - b,
        );
  // CAM keeps its negative evidence.
  if (method === 'cam') return singleMap(signed, 'relative');
  if (gradCamLike.has(method)) return singleMap(rectified(signed));
  if (against !== undefined) return undefined;
  if (method === 'layer-cam') return singleMap(rectified(positive));
  return method === 'hybrid' ? hybridMap(rectified(signed), rectified(positive), alpha) : undefined;
}

function part({ height, width }: ClassMapData, all: Float32Array, classIndex: number): RawMap {
  const size = height * width;
  return { data: all.subarray(classIndex * size, (classIndex + 1) * size), height, width };
}

function combine(a: RawMap, b: RawMap, rule: (a: number, b: number) => number): RawMap {
  return { ...a, data: a.data.map((value, i) => rule(value, b.data[i]!)) };
}

function rectified(map: RawMap): RawMap {
  return { ...map, data: map.data.map((value) => Math.max(0, value)) };
}
