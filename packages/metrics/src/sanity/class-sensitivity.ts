import { type ArrayView, OptionError, pack, view } from '@hybridcam/core';
import type { ExplainFunction } from '../subject.ts';
import { type MapSimilarity, mapSimilarity } from './map-similarity.ts';

/**
 * How alike the maps of two classes of one image are; a class-discriminative method gives a low value. Usually the predicted class
 * and the second best. Costs two explanations.
 * @throws OptionError when both classes are the same
 */
export async function classSensitivity(
  explain: ExplainFunction,
  input: ArrayView,
  classIndex: number,
  otherClassIndex: number,
): Promise<MapSimilarity> {
  if (classIndex === otherClassIndex) {
    throw new OptionError(`classSensitivity: expected two different classes; received ${classIndex} twice.`);
  }
  const packed = view(pack(input), input.shape);
  return mapSimilarity(await explain(packed, classIndex), await explain(packed, otherClassIndex));
}
