import type { NdArray } from 'ndarray';
import { pack } from '../view.ts';

/** [classes] of one image of the batch. */
export function rowOf(scores: NdArray<Float32Array>, image: number): Float32Array {
  return pack(scores.pick(image, null));
}

/** What one image of the batch has. */
export function ofImage(batch: NdArray<Float32Array>, image = 0): NdArray<Float32Array> {
  return batch.pick(image, ...batch.shape.slice(1).map(() => null));
}
