import type { NdArray } from 'ndarray';
import { readLayer } from '../kernels/layer.ts';
import { meanGradients } from '../kernels/mean-gradients.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

/**
 * Grad-CAM: each channel weighted by its mean gradient, then ReLU.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width], ≥ 0, in score units.
 *
 *     w_k = mean_ij ∂y/∂A_kij        L = ReLU( Σ_k w_k · A_k )
 *
 * Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, ICCV 2017.
 * @throws ShapeError, NonFiniteError
 * @example gradCam(activations, gradients)
 */
export function gradCam(activations: ArrayView, gradients: ArrayView): NdArray<Float32Array> {
  const layer = readLayer('gradCam', activations, gradients);
  return toPositiveMap('gradCam', weightedSum(layer, meanGradients(layer)), layer.height, layer.width);
}
