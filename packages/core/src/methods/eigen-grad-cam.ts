import type { NdArray } from 'ndarray';
import { elementWiseTerms } from '../kernels/channel-terms.ts';
import { readLayer } from '../kernels/layer.ts';
import { eigenSmoothed } from '../map/eigen-smooth.ts';
import type { ArrayView } from '../view.ts';

/**
 * Eigen-Grad-CAM: as Eigen-CAM, of gradient times activation, which makes it speak of a class.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width], ≥ 0, in score units.
 *
 *     L = ReLU( X · v₁ ),   X [cells, channels] = ∂y/∂A ⊙ A less each channel's mean,   v₁ its first right singular vector
 *
 * The sign is the one that correlates with Σ_k ∂y/∂A_k ⊙ A_k: bright where the evidence is positive.
 *
 * Known from pytorch-grad-cam (`EigenGradCAM`); no paper of its own.
 * @throws ShapeError, NonFiniteError
 * @example eigenGradCam(activations, gradients)
 */
export function eigenGradCam(activations: ArrayView, gradients: ArrayView): NdArray<Float32Array> {
  const layer = readLayer('eigenGradCam', activations, gradients);
  const terms = elementWiseTerms(layer, (gradient, activation) => gradient * activation);
  return eigenSmoothed('eigenGradCam', terms, layer.height, layer.width);
}
