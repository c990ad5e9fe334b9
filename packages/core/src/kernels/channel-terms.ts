import type { Layer } from './layer.ts';

/** What each channel adds to each cell, [channels × cells]: a CAM is the ReLU of their sum over the channels. */
export type ChannelTerms = Float64Array;

/** channelWeights_k · A_k. */
export function weightedTerms(
  { activations, channels, cells }: Pick<Layer, 'activations' | 'channels' | 'cells'>,
  channelWeights: ArrayLike<number>,
): ChannelTerms {
  const terms = new Float64Array(activations);
  for (let k = 0; k < channels; k++) {
    for (let i = k * cells; i < (k + 1) * cells; i++) terms[i]! *= channelWeights[k]!;
  }
  return terms;
}

/** One term per gradient and activation of a cell. */
export function elementWiseTerms(
  { activations, gradients, channels, cells, channelStep, cellStep }: Layer,
  term: (gradient: number, activation: number) => number,
): ChannelTerms {
  const terms = new Float64Array(activations.length);
  for (let k = 0; k < channels; k++) {
    for (let i = 0; i < cells; i++) {
      terms[k * cells + i] = term(gradients[k * channelStep + i * cellStep]!, activations[k * cells + i]!);
    }
  }
  return terms;
}
