import { type NdArray, view } from '@hybridcam/core';
import { type Geometry, placeOnOriginal } from '@hybridcam/image';
import { averagePrecision, energy, pointingGame, rankAccuracy } from '@hybridcam/metrics';
import type { Localisation, TruthMask } from '../protocol.ts';

/** How well a saliency map at input size finds the true object, on the picture's own pixels; null where nothing is known to be true. */
export function localise(
  saliencyMap: NdArray<Float32Array>,
  geometry: Geometry,
  truth: readonly TruthMask[],
  classIndex: number,
): Localisation | null {
  const object = truth.find((part) => part.classIndex === classIndex);
  if (!object) return null;
  const { map } = placeOnOriginal(saliencyMap, geometry);
  const mask = view(Float32Array.from(object.mask), [...map.shape]);
  const mass = energy(map, mask);
  return {
    object: object.name,
    maskShare: object.mask.reduce((sum, bit) => sum + bit, 0) / object.mask.length,
    energy: mass?.energy,
    lift: mass?.lift,
    averagePrecision: averagePrecision(map, mask),
    iou: rankAccuracy(map, mask).iou,
    hit: pointingGame(map, mask) === 1,
  };
}
