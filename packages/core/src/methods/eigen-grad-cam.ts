import type { NdArray } from 'ndarray';
import { readLayer } from '../kernels/layer.ts';
import { principalMap } from '../kernels/principal-map.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
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
  const { activations: a, gradients: g, channels, cells, channelStep, cellStep } = layer;
  const products = new Float64Array(a.length);
  const evidence = new Float64Array(cells);
  for (let k = 0; k < channels; k++) {
    for (let i = 0; i < cells; i++) {
      const product = g[k * channelStep + i * cellStep]! * a[k * cells + i]!;
      products[k * cells + i] = product;
      evidence[i]! += product;
    }
  }
  const map = principalMap(products, channels, cells, evidence);
  return toPositiveMap('eigenGradCam', map, layer.height, layer.width);
}
