import type { ArrayView } from '@hybridcam/core';
import type { SharedBaselineScores } from './baseline-score.ts';
import type { Curve } from './faithfulness/insertion-deletion.ts';
import { type PixelOrder, pixelOrder } from './pixel-order.ts';
import { shareOnce } from './share-once.ts';

/**
 * What the metrics of one image share, so that nothing is computed twice: f(x), f(baseline), baselines, the order of a map's pixels,
 * curves of equal orders, and the scores under μFidelity's masks, which are the same for every map. Use one for a single input and subject.
 */
export interface ImageCache {
  readonly baselines: Map<string, ArrayView>;
  /** f(baseline) of baselines that other images share; undefined: none does. */
  readonly sharedBaselineScores: SharedBaselineScores | undefined;
  /** By everything but the order; maps of one order share a curve. */
  readonly curves: Map<string, readonly { readonly order: PixelOrder; readonly curve: Curve }[]>;
  /** Scores under masks that do not depend on a map. */
  readonly maskScores: Map<string, Promise<Float64Array>>;
  /** The score of that name, computed the first time. */
  score(name: string, compute: () => Promise<number>): Promise<number>;
  /** `pixelOrder` of a map, once per map object. */
  orderOf(map: ArrayView): PixelOrder;
  /** A number for an array that no other array has: what names its score. */
  idOf(array: ArrayView): number;
}

/**
 * An empty cache; `inputScore` is the score of class `classIndex` on the untouched input, where the caller knows it already, and
 * `sharedBaselineScores` a map that the caches of all images of one subject have in common.
 * @example createImageCache({ classIndex: 281, inputScore: 0.93 })
 */
export function createImageCache(
  known?: { readonly classIndex: number; readonly inputScore: number },
  sharedBaselineScores?: SharedBaselineScores,
): ImageCache {
  const scores = new Map<string, Promise<number>>();
  if (known) scores.set(inputScoreName(known.classIndex), Promise.resolve(known.inputScore));
  const orders = new WeakMap<ArrayView, PixelOrder>();
  const ids = new WeakMap<ArrayView, number>();
  let lastId = 0;
  return {
    baselines: new Map(),
    sharedBaselineScores,
    curves: new Map(),
    maskScores: new Map(),
    score: (name, compute) => shareOnce(scores, name, compute),
    orderOf(map) {
      const order = orders.get(map) ?? pixelOrder(map);
      orders.set(map, order);
      return order;
    },
    idOf(array) {
      const id = ids.get(array) ?? ++lastId;
      ids.set(array, id);
      return id;
    },
  };
}

/** The name under which f(x) is shared. */
export function inputScoreName(classIndex: number): string {
  return `input|${classIndex}`;
}
