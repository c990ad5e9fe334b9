import type { NdArray } from 'ndarray';
import { readLayer } from '../kernels/layer.ts';
import { positiveSum } from '../kernels/positive-sum.ts';
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
  const { height, width } = layer;
  // The same gradient in every cell: half of the channels have nothing to add and need not be read.
  if (layer.cellStep === 0) {
    const positive = layer.gradients.map((gradient) => Math.max(gradient, 0));
    return toPositiveMap('layerCam', weightedSum(layer, positive), height, width);
  }
  return toPositiveMap('layerCam', positiveSum(layer), height, width);
}
