import type { NdArray } from 'ndarray';
import { assertOneOf } from '../check-options.ts';
import { type ChannelTerms, weightedTerms } from '../kernels/channel-terms.ts';
import { type Layer, readLayer } from '../kernels/layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface XGradCamOptions {
  /** `pytorch-grad-cam` adds 1e-7 and `torchcam` 1e-8 to the signed sum of activations. Default: `paper`, no epsilon. */
  readonly variant?: XGradCamVariant;
}

export type XGradCamVariant = 'paper' | 'pytorch-grad-cam' | 'torchcam';

export const xGradCamVariants: readonly XGradCamVariant[] = ['paper', 'pytorch-grad-cam', 'torchcam'];

/**
 * XGrad-CAM: each channel weighted by its gradients averaged in proportion to the activations, then ReLU.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width], ≥ 0, in score units.
 *
 *     w_k = Σ_ij A_kij · ∂y/∂A_kij / Σ_ij A_kij        L = ReLU( Σ_k w_k · A_k )
 *
 * The paper has activations ≥ 0. Where signed ones sum to exactly 0 the weight is the mean gradient.
 *
 * Fu et al., Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs, BMVC 2020.
 * @throws ShapeError, NonFiniteError, OptionError for another variant
 * @example xGradCam(activations, gradients)
 */
export function xGradCam(
  activations: ArrayView,
  gradients: ArrayView,
  { variant = 'paper' }: XGradCamOptions = {},
): NdArray<Float32Array> {
  assertOneOf('xGradCam', 'variant', variant, xGradCamVariants);
  const layer = readLayer('xGradCam', activations, gradients);
  const weights = activationWeightedGradients(layer, variant);
  return toPositiveMap('xGradCam', weightedSum(layer, weights), layer.height, layer.width);
}

/** What each channel adds to `xGradCam`, before the ReLU. */
export function xGradCamTerms(
  activations: ArrayView,
  gradients: ArrayView,
  variant: XGradCamVariant,
): ChannelTerms {
  const layer = readLayer('xGradCam', activations, gradients);
  return weightedTerms(layer, activationWeightedGradients(layer, variant));
}

/** w_k of every channel. */
function activationWeightedGradients(layer: Layer, variant: XGradCamVariant): Float64Array {
  const epsilon = { paper: 0, 'pytorch-grad-cam': 1e-7, torchcam: 1e-8 }[variant];
  const { activations: a, gradients: g, channels, cells, channelStep, cellStep } = layer;
  const weights = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    let sum = 0;
    let products = 0;
    let gradientSum = 0;
    for (let i = 0; i < cells; i++) {
      const gradient = g[k * channelStep + i * cellStep]!;
      const activation = a[k * cells + i]!;
      sum += activation;
      products += gradient * activation;
      gradientSum += gradient;
    }
    const denominator = sum + epsilon;
    weights[k] = denominator === 0 ? gradientSum / cells : products / denominator;
  }
  return weights;
}
