import type { NdArray } from 'ndarray';
import { type ChannelTerms, elementWiseTerms } from '../kernels/channel-terms.ts';
import { readLayer } from '../kernels/layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

/**
 * Element-wise Grad-CAM: as HiResCAM, but only the positive products count. Equal to LayerCAM where activations are ≥ 0.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width], ≥ 0, in score units.
 *
 *     L = Σ_k ReLU( ∂y/∂A_k ⊙ A_k )
 *
 * Known from pytorch-grad-cam (`GradCAMElementWise`); no paper of its own.
 * @throws ShapeError, NonFiniteError
 * @example elementWiseGradCam(activations, gradients)
 */
export function elementWiseGradCam(activations: ArrayView, gradients: ArrayView): NdArray<Float32Array> {
  const layer = readLayer('elementWiseGradCam', activations, gradients);
  const { activations: a, gradients: g, channels, cells, channelStep, cellStep } = layer;
  const sum = new Float64Array(cells);
  for (let k = 0; k < channels; k++) {
    for (let i = 0; i < cells; i++) {
      const product = g[k * channelStep + i * cellStep]! * a[k * cells + i]!;
      sum[i]! += (product + Math.abs(product)) / 2;
    }
  }
  return toPositiveMap('elementWiseGradCam', sum, layer.height, layer.width);
}

/** What each channel adds to `elementWiseGradCam`. */
export function elementWiseGradCamTerms(activations: ArrayView, gradients: ArrayView): ChannelTerms {
  const layer = readLayer('elementWiseGradCam', activations, gradients);
  return elementWiseTerms(layer, (gradient, activation) => Math.max(gradient * activation, 0));
}
