import type { NdArray } from 'ndarray';
import { type ChannelTerms, elementWiseTerms } from '../kernels/channel-terms.ts';
import { readLayer } from '../kernels/layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

/**
 * LayerCAM: every cell of every channel weighted by its own positive gradient, then ReLU.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width], ≥ 0, in score units.
 *
 *     L = ReLU( Σ_k ReLU(∂y/∂A_k) ⊙ A_k )
 *
 * Jiang et al., LayerCAM: Exploring Hierarchical Class Activation Maps for Localization, IEEE TIP 2021.
 * @throws ShapeError, NonFiniteError
 * @example layerCam(activations, gradients)
 */
export function layerCam(activations: ArrayView, gradients: ArrayView): NdArray<Float32Array> {
  const layer = readLayer('layerCam', activations, gradients);
  const { activations: a, gradients: g, channels, cells, channelStep, cellStep } = layer;
  // The same gradient in every cell: half of the channels have nothing to add and need not be read.
  if (cellStep === 0) {
    const positive = g.map((gradient) => Math.max(gradient, 0));
    return toPositiveMap('layerCam', weightedSum(layer, positive), layer.height, layer.width);
  }
  const sum = new Float64Array(cells);
  for (let k = 0; k < channels; k++) {
    const start = k * cells;
    for (let i = 0; i < cells; i++) {
      const gradient = g[k * channelStep + i * cellStep]!;
      // g + |g| is 2·ReLU(g) without a branch: gradient signs are a coin toss, and mispredicting them costs four times the sum.
      sum[i]! += (gradient + Math.abs(gradient)) * a[start + i]!;
    }
  }
  for (let i = 0; i < cells; i++) sum[i]! /= 2;
  return toPositiveMap('layerCam', sum, layer.height, layer.width);
}

/** What each channel adds to `layerCam`, before the ReLU. */
export function layerCamTerms(activations: ArrayView, gradients: ArrayView): ChannelTerms {
  const layer = readLayer('layerCam', activations, gradients);
  return elementWiseTerms(layer, (gradient, activation) => Math.max(gradient, 0) * activation);
}
