import type { NdArray } from 'ndarray';
import { assertFinite, readArray } from '../check.ts';
import { evaluateInputs, type ForwardRun } from '../forwards/evaluate-target.ts';
import { type ChannelTerms, weightedTerms } from '../kernels/channel-terms.ts';
import { readClassLayer } from '../kernels/class-layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

/**
 * Ablation-CAM under global average pooling + linear, in closed form: each channel weighted by the share of the score that is lost
 * when the channel is set to 0, then ReLU. `ablationCamByRuns` is the same behind any other network.
 *
 * `activations` [channels, height, width]; `channelWeights` [channels], the head's weights of the target; `score` y, the target's
 * value; returns [height, width], ≥ 0, without unit.
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
  const { layer, height, width } = readClassLayer(where, activations, channelWeights);
  const weights = lostShares(where, activations, channelWeights, score);
  return toPositiveMap(where, weightedSum(layer, weights), height, width);
}

/** What each channel adds to `ablationCam`, before the ReLU. */
export function ablationCamTerms(
  activations: ArrayView,
  channelWeights: ArrayView,
  score: number,
): ChannelTerms {
  const where = 'ablationCam';
  const { layer } = readClassLayer(where, activations, channelWeights);
  return weightedTerms(layer, lostShares(where, activations, channelWeights, score));
}

/** w_k of every channel, in closed form. */
function lostShares(
  where: string,
  activations: ArrayView,
  channelWeights: ArrayView,
  score: number,
): Float64Array {
  const { layer, weights } = readClassLayer(where, activations, channelWeights);
  assertFinite(where, 'score', [score]);
  return new Float64Array(weights).map((weight, k) => {
    let sum = 0;
    for (let i = k * layer.cells; i < (k + 1) * layer.cells; i++) sum += layer.activations[i]!;
    return (weight * (sum / layer.cells)) / (score || 1);
  });
}

/**
 * The target's value y for each of several activations of the layer: the rest of the network, run again.
 * `activations` [batch, channels, height, width]; resolves to [batch].
 */
export type EvaluateTail = (activations: NdArray<Float32Array>) => Promise<ArrayLike<number>>;

/**
 * Ablation-CAM behind any network: `ablationCam` with y_without_k measured, one run of the rest of the network per channel.
 *
 * `activations` [channels, height, width]; `evaluateTail` y of changed activations; `score` y of the unchanged ones; returns
 * [height, width], ≥ 0, without unit.
 * @throws ShapeError, NonFiniteError, OptionError, AbortedError; what `evaluateTail` throws
 * @example await ablationCamByRuns(activations, logitBehindTheLayer, logits.get(classIndex))
 */
export async function ablationCamByRuns(
  activations: ArrayView,
  evaluateTail: EvaluateTail,
  score: number,
  run: ForwardRun = {},
): Promise<NdArray<Float32Array>> {
  const where = 'ablationCamByRuns';
  const a = readArray(where, 'activations', activations, ['channels', 'height', 'width']);
  assertFinite(where, 'score', [score]);
  const [channels, height, width] = activations.shape as [number, number, number];
  const cells = height * width;
  const scores = await evaluateInputs(
    where,
    evaluateTail,
    channels,
    activations.shape,
    (into, k) => {
      into.set(a);
      into.fill(0, k * cells, (k + 1) * cells);
    },
    run,
  );
  const weights = scores.map((without) => (score - without) / (score || 1));
  return toPositiveMap(where, weightedSum({ activations: a, channels, cells }, weights), height, width);
}
