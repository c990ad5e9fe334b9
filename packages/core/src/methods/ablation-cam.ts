import type { NdArray } from 'ndarray';
import { assertFinite, readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

/**
 * Ablation-CAM under global average pooling + linear, in closed form: each channel weighted by the share of the score that is lost
 * when the channel is set to 0, then ReLU. Elsewhere it takes a forward pass per channel.
 *
 * `activations` [channels, height, width]; `channelWeights` [channels], the head's weights of the target; `score` y, the target's
 * value; returns [height, width], ≥ 0.
 *
 *     w_k = (y − y_without_k) / y = channelWeights_k · mean_ij A_k / y        L = ReLU( Σ_k w_k · A_k )
 *
 * As in the paper the division carries the sign of y: a class with a negative score shows what speaks against it. A score of exactly
 * 0 divides nothing.
 *
 * Desai and Ramaswamy, Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization, WACV 2020.
 * @throws ShapeError, NonFiniteError
 * @example ablationCam(activations, head.weights.pick(classIndex, null), logits.get(classIndex))
 */
export function ablationCam(
  activations: ArrayView,
  channelWeights: ArrayView,
  score: number,
): NdArray<Float32Array> {
  const where = 'ablationCam';
  const a = readArray(where, 'activations', activations, ['channels', 'height', 'width']);
  const w = readArray(where, 'channelWeights', channelWeights, ['channels']);
  assertFinite(where, 'score', [score]);
  const [channels, height, width] = activations.shape as [number, number, number];
  if (w.length !== channels) {
    throw new ShapeError(
      `${where}: expected channelWeights [${channels}]; received shape [${channelWeights.shape}].`,
    );
  }
  const cells = height * width;
  const weights = new Float64Array(w).map((weight, k) => {
    let sum = 0;
    for (let i = 0; i < cells; i++) sum += a[k * cells + i]!;
    return (weight * (sum / cells)) / (score || 1);
  });
  const layer = { activations: a, channels, cells };
  return toPositiveMap(where, weightedSum(layer, weights), height, width);
}
