import type { NdArray } from 'ndarray';
import { readLayer } from '../kernels/layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { signedSums } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';
import { gradCam } from './grad-cam.ts';
import { layerCam } from './layer-cam.ts';

/** Both maps [height, width], ≥ 0, in score units. */
export type HybridParents = readonly [gradCamMap: NdArray<Float32Array>, layerCamMap: NdArray<Float32Array>];

/**
 * Grad-CAM and LayerCAM of one layer. Where the gradient is the same in every cell they are made of the same two sums, the
 * positive and the negative evidence, so each channel is read once for both:
 *
 *     P = Σ_{g_k > 0} g_k · A_k        N = Σ_{g_k < 0} −g_k · A_k        L_GC = ReLU(P − N)        L_LC = ReLU(P)
 *
 * @throws ShapeError, NonFiniteError
 */
export function hybridParents(activations: ArrayView, gradients: ArrayView): HybridParents {
  if (gradients.shape.length !== 1) {
    return [gradCam(activations, gradients), layerCam(activations, gradients)];
  }
  const layer = readLayer('hybridCam', activations, gradients);
  const { height, width } = layer;
  const { positive, negative } = signedSums(layer, layer.gradients);
  const difference = positive.map((evidence, i) => evidence - negative[i]!);
  return [
    toPositiveMap('hybridCam', difference, height, width),
    toPositiveMap('hybridCam', positive, height, width),
  ];
}
