import { type ArrayView, type NdArray, OptionError, pack, ShapeError, view } from '@hybridcam/core';
import { seededRandom } from '../random.ts';
import { type MapSimilarity, mapSimilarity } from './map-similarity.ts';

/** A CAM method as a function of activations [channels, height, width] and constant gradients [channels]. */
export type ChannelMethod = (
  activations: NdArray<Float32Array>,
  channelGradients: NdArray<Float32Array>,
) => ArrayView | Promise<ArrayView>;

/**
 * Head randomisation in closed form: the likeness between the map and the maps of the same activations under fresh random head
 * weights (the scale and mean of the true ones, permuted over channels, so only *which* channel is lost). No forward pass at all.
 *
 * Behind a global average pool the gradient is weights / (height·width), so the randomised network's map is exact.
 * @param options `draws` permutations, default 20; `seed`, default 0: one seed permutes alike for every method
 * @returns the similarity of each draw
 * @throws OptionError for fewer than one draw; ShapeError where weights and channels differ in number
 */
export async function headRandomisation(
  method: ChannelMethod,
  activations: ArrayView,
  classWeights: ArrayLike<number>,
  options: { readonly draws?: number; readonly seed?: number } = {},
): Promise<MapSimilarity[]> {
  const draws = options.draws ?? 20;
  if (!(Number.isInteger(draws) && draws >= 1)) {
    throw new OptionError(`headRandomisation: expected one draw or more; received ${draws}.`);
  }
  const [channels, height, width] = activations.shape as [number, number, number];
  if (activations.shape.length !== 3 || classWeights.length !== channels) {
    throw new ShapeError(
      `headRandomisation: expected one weight for each of ${channels} channels; received ${classWeights.length}.`,
    );
  }
  const packed = view(pack(activations), [channels, height, width]);
  const gradient = Float32Array.from(classWeights, (weight) => weight / (height * width));
  const original = await method(packed, view(gradient.slice(), [channels]));
  const random = seededRandom(options.seed ?? 0);
  const similarities: MapSimilarity[] = [];
  for (let draw = 0; draw < draws; draw++) {
    for (let i = channels - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      [gradient[i], gradient[j]] = [gradient[j]!, gradient[i]!];
    }
    similarities.push(mapSimilarity(original, await method(packed, view(gradient.slice(), [channels]))));
  }
  return similarities;
}
