import type { NdArray } from 'ndarray';
import { type ChannelTerms, elementWiseTerms } from '../kernels/channel-terms.ts';
import { readLayer } from '../kernels/layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

/**
 * HiResCAM: gradient times activation, summed over channels, then ReLU. Unlike Grad-CAM it does not average the gradients
 * first, so it shows only cells that the model used.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width], ≥ 0, in score units.
 *
 *     L = ReLU( Σ_k ∂y/∂A_k ⊙ A_k )
 *
 * Draelos and Carin, Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks, 2020.
 * @throws ShapeError, NonFiniteError
 * @example hiResCam(activations, gradients)
 */
export function hiResCam(activations: ArrayView, gradients: ArrayView): NdArray<Float32Array> {
  const layer = readLayer('hiResCam', activations, gradients);
  const { activations: a, gradients: g, channels, cells, channelStep, cellStep } = layer;
  const sum = new Float64Array(cells);
  for (let k = 0; k < channels; k++) {
    for (let i = 0; i < cells; i++) sum[i]! += g[k * channelStep + i * cellStep]! * a[k * cells + i]!;
  }
  return toPositiveMap('hiResCam', sum, layer.height, layer.width);
}

/** What each channel adds to `hiResCam`, before the ReLU. */
export function hiResCamTerms(activations: ArrayView, gradients: ArrayView): ChannelTerms {
  const layer = readLayer('hiResCam', activations, gradients);
  return elementWiseTerms(layer, (gradient, activation) => gradient * activation);
}
