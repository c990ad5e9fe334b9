import type { NdArray } from 'ndarray';
import { assertOneOf } from '../check-options.ts';
import { type ChannelTerms, weightedTerms } from '../kernels/channel-terms.ts';
import { type Layer, readLayer } from '../kernels/layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface GradCamPlusPlusOptions {
  /**
   * Whose numbers. Default `paper`: equation 19 without an epsilon. The published programs differ from it and from each other:
   * `pytorch-grad-cam` adds 1e-6 to a denominator that is often smaller; `torchcam` weights by ReLU(g)³; `author` and
   * `tf-keras-vis` divide a by its sum over the channel (over cells with g > 0, and over all cells); `xplique` takes the mean of the
   * activations for their sum, and 1e-4 for a denominator of exactly 0.
   */
  readonly variant?: GradCamPlusPlusVariant;
}

export type GradCamPlusPlusVariant =
  | 'paper'
  | 'pytorch-grad-cam'
  | 'torchcam'
  | 'author'
  | 'tf-keras-vis'
  | 'xplique';

export const gradCamPlusPlusVariants: readonly GradCamPlusPlusVariant[] = [
  'paper',
  'pytorch-grad-cam',
  'torchcam',
  'author',
  'tf-keras-vis',
  'xplique',
];

/**
 * Grad-CAM++: each channel weighted by its positive gradients, every one with a coefficient from the second and third
 * derivative, then ReLU.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width], ≥ 0. Its scale has no unit: compare maps only after normalisation.
 *
 *     a_kij = g² / (2g² + g³ · Σ_ab A_kab)        w_k = Σ_ij a_kij · ReLU(g_kij)        L = ReLU( Σ_k w_k · A_k )
 *
 * Only g > 0 contributes, and there a = 1 / (2 + g · Σ A): no epsilon is needed while activations are ≥ 0.
 *
 * Chattopadhay et al., Grad-CAM++: Improved Visual Explanations for Deep Convolutional Networks, WACV 2018, equation 19.
 * @throws ShapeError, NonFiniteError, OptionError for another variant
 * @example gradCamPlusPlus(activations, gradients)
 */
export function gradCamPlusPlus(
  activations: ArrayView,
  gradients: ArrayView,
  { variant = 'paper' }: GradCamPlusPlusOptions = {},
): NdArray<Float32Array> {
  assertOneOf('gradCamPlusPlus', 'variant', variant, gradCamPlusPlusVariants);
  const layer = readLayer('gradCamPlusPlus', activations, gradients);
  const weights = secondOrderWeights(layer, variant);
  return toPositiveMap('gradCamPlusPlus', weightedSum(layer, weights), layer.height, layer.width);
}

/** What each channel adds to `gradCamPlusPlus`, before the ReLU. */
export function gradCamPlusPlusTerms(
  activations: ArrayView,
  gradients: ArrayView,
  variant: GradCamPlusPlusVariant,
): ChannelTerms {
  const layer = readLayer('gradCamPlusPlus', activations, gradients);
  return weightedTerms(layer, secondOrderWeights(layer, variant));
}

/** w_k of every channel. */
function secondOrderWeights(layer: Layer, variant: GradCamPlusPlusVariant): Float64Array {
  const { activations: a, gradients: g, channels, cells, channelStep, cellStep } = layer;
  const weights = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    let sum = 0;
    for (let i = 0; i < cells; i++) sum += a[k * cells + i]!;
    if (variant === 'xplique') sum /= cells;
    let weight = 0;
    let coefficients = 0;
    for (let i = 0; i < cells; i++) {
      const gradient = g[k * channelStep + i * cellStep]!;
      const coefficient = secondOrderCoefficient(gradient, sum, variant);
      if (gradient > 0) weight += coefficient * gradient;
      if (gradient > 0 || variant === 'tf-keras-vis') coefficients += coefficient;
    }
    const renormalised = variant === 'author' || variant === 'tf-keras-vis';
    weights[k] = renormalised && coefficients !== 0 ? weight / coefficients : weight;
    if (variant === 'xplique') weights[k]! /= cells;
  }
  return weights;
}

/** a_kij for one gradient g and the channel's sum of activations (`xplique`: their mean). */
function secondOrderCoefficient(g: number, sum: number, variant: GradCamPlusPlusVariant): number {
  if (g === 0) return 0;
  if (variant === 'torchcam') return g * g;
  if (variant === 'xplique') return (g * g) / (2 * g * g + sum * g * g * g || 1e-4);
  if (variant === 'pytorch-grad-cam') return (g * g) / (2 * g * g + sum * g * g * g + 1e-6);
  // Only a negative sum (signed activations) can make this zero; the authors put 1 in its place.
  return 1 / (2 + sum * g || 1);
}
