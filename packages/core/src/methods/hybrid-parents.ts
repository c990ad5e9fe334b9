import type { NdArray } from 'ndarray';
import { assertFinite } from '../check.ts';
import { packLayer } from '../kernels/layer.ts';
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
  const where = 'hybridCam';
  const layer = packLayer(where, activations, gradients);
  const { height, width } = layer;
  const { positive, negative } = signedSums(layer, layer.gradients);
  // NaN and infinity survive in the sums, so the few sums answer for all channels that count; after the ReLU it would be too late.
  assertFinite(where, 'activations and gradients', positive);
  assertFinite(where, 'activations and gradients', negative);
  const difference = positive.map((evidence, i) => evidence - negative[i]!);
  return [toPositiveMap(where, difference, height, width), toPositiveMap(where, positive, height, width)];
}
