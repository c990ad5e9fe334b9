import type { NdArray } from 'ndarray';
import { assertFinite } from '../check.ts';
import { packLayer, readLayer } from '../kernels/layer.ts';
import { meanGradients } from '../kernels/mean-gradients.ts';
import { positiveSum } from '../kernels/positive-sum.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { signedSums, weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

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
  const where = 'hybridCam';
  const layer = packLayer(where, activations, gradients);
  const { height, width } = layer;
  if (layer.cellStep !== 0) {
    const positive = positiveSum(layer);
    // Its cells answer for all activations and gradients; which of them is to blame is told by looking at each.
    if (!positive.every(Number.isFinite)) readLayer(where, activations, gradients);
    const weighted = weightedSum(layer, meanGradients(layer));
    return [toPositiveMap(where, weighted, height, width), toPositiveMap(where, positive, height, width)];
  }
  const { positive, negative } = signedSums(layer, layer.gradients);
  // NaN and infinity survive in the sums, so the few sums answer for all channels that count; after the ReLU it would be too late.
  assertFinite(where, 'activations and gradients', positive);
  assertFinite(where, 'activations and gradients', negative);
  const difference = new Float64Array(positive.length);
  for (let i = 0; i < difference.length; i++) difference[i] = positive[i]! - negative[i]!;
  return [toPositiveMap(where, difference, height, width), toPositiveMap(where, positive, height, width)];
}
