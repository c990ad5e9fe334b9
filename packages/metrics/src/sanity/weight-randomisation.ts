import {
  type AbortSignalLike,
  type ArrayView,
  type NdArray,
  OptionError,
  pack,
  throwIfAborted,
  view,
} from '@hybridcam/core';
import type { ExplainFunction } from '../subject.ts';
import { type MapSimilarity, mapSimilarity } from './map-similarity.ts';

/** A copy of the model whose weights from the scores down to `downTo` are random; ordered from the head downwards. */
export interface RandomisedModel {
  readonly downTo: string;
  readonly explain: ExplainFunction;
}

export interface RandomisationStage extends MapSimilarity {
  readonly downTo: string;
}

/**
 * Cascading weight randomisation: how alike the map stays to the original one as the model's weights are replaced from the scores
 * downwards. A method that shows the model and not the image must change. Pass or fail, never a ranking: with large activations
 * a CAM legitimately keeps some likeness (Binder et al., 2023).
 *
 * Adebayo et al., Sanity Checks for Saliency Maps, NeurIPS 2018. Cost: one explanation per stage and one for the original.
 * @throws OptionError when no randomised model is given
 */
export async function weightRandomisation(
  explain: ExplainFunction,
  randomised: readonly RandomisedModel[],
  input: ArrayView,
  classIndex: number,
  options: { readonly signal?: AbortSignalLike | undefined } = {},
): Promise<RandomisationStage[]> {
  if (randomised.length === 0) {
    throw new OptionError('weightRandomisation: expected one or more randomised models; received none.');
  }
  const packed: NdArray<Float32Array> = view(pack(input), input.shape);
  const original = await explain(packed, classIndex);
  const stages: RandomisationStage[] = [];
  for (const model of randomised) {
    throwIfAborted(options.signal, 'weightRandomisation');
    stages.push({
      downTo: model.downTo,
      ...mapSimilarity(original, await model.explain(packed, classIndex)),
    });
  }
  return stages;
}
