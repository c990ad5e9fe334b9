import type { NdArray } from 'ndarray';
import { assertFinite, readArray } from '../check.ts';
import { assertOneOf } from '../check-options.ts';
import { evaluateInputs, type ForwardRun } from '../forwards/evaluate-target.ts';
import { type ChannelTerms, weightedTerms } from '../kernels/channel-terms.ts';
import { readClassLayer } from '../kernels/class-layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { valueRange } from '../kernels/value-range.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface AblationCamOptions {
  /**
   * `pytorch-grad-cam` sets a channel to 0 only where the smallest activation is 0; elsewhere to a very negative number, see there.
   * Default: `paper`, always 0.
   */
  readonly variant?: AblationCamVariant | undefined;
}

export type AblationCamVariant = 'paper' | 'pytorch-grad-cam';

export const ablationCamVariants: readonly AblationCamVariant[] = ['paper', 'pytorch-grad-cam'];

/**
 * Ablation-CAM under global average pooling + linear, in closed form: each channel weighted by the share of the score that is lost
 * when the channel is set to 0, then ReLU. `ablationCamByRuns` is the same behind any other network.
 *
 * `activations` [channels, height, width]; `channelWeights` [channels], the head's weights of the target; `score` y, the target's
 * value; returns [height, width], ≥ 0, without unit.
 *
 *     w_k = (y − y_without_k) / y = channelWeights_k · mean_ij A_k / y        L = ReLU( Σ_k w_k · A_k )
 *
 *     pytorch-grad-cam, min A ≠ 0: a channel becomes min A − (1 + k mod 32)·10⁷ instead of 0
 *
 * That library writes the smallest number less 10⁷ into one copy of a batch of 32 after the other and looks for the smallest among all
 * copies, so that each channel of a batch is lowered by 10⁷ more than the one before.
 *
 * As in the paper the division carries the sign of y: a class with a negative score shows what speaks against it. A score of exactly
 * 0 divides nothing.
 *
 * Desai and Ramaswamy, Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization, WACV 2020.
 * @throws ShapeError, NonFiniteError, OptionError for another variant
 * @example ablationCam(activations, head.weights.pick(classIndex, null), logits.get(classIndex))
 */
export function ablationCam(
  activations: ArrayView,
  channelWeights: ArrayView,
  score: number,
  { variant = 'paper' }: AblationCamOptions = {},
): NdArray<Float32Array> {
  const where = 'ablationCam';
  const { layer, height, width } = readClassLayer(where, activations, channelWeights);
  const weights = lostShares(where, activations, channelWeights, score, variant);
  return toPositiveMap(where, weightedSum(layer, weights), height, width);
}

/** What each channel adds to `ablationCam`, before the ReLU. */
export function ablationCamTerms(
  activations: ArrayView,
  channelWeights: ArrayView,
  score: number,
  variant: AblationCamVariant,
): ChannelTerms {
  const where = 'ablationCam';
  const { layer } = readClassLayer(where, activations, channelWeights);
  return weightedTerms(layer, lostShares(where, activations, channelWeights, score, variant));
}

/** w_k of every channel, in closed form. */
function lostShares(
  where: string,
  activations: ArrayView,
  channelWeights: ArrayView,
  score: number,
  variant: AblationCamVariant,
): Float64Array {
  const { layer, weights } = readClassLayer(where, activations, channelWeights);
  assertFinite(where, 'score', [score]);
  const replacement = replacementOf(where, layer.activations, variant);
  return new Float64Array(weights).map((weight, k) => {
    let sum = 0;
    for (let i = k * layer.cells; i < (k + 1) * layer.cells; i++) sum += layer.activations[i]!;
    return (weight * (sum / layer.cells - replacement(k))) / (score || 1);
  });
}

/** What every cell of channel k becomes. */
function replacementOf(
  where: string,
  activations: Float32Array,
  variant: AblationCamVariant,
): (k: number) => number {
  assertOneOf(where, 'variant', variant, ablationCamVariants);
  const { min } = valueRange(activations);
  if (variant === 'paper' || min === 0) return () => 0;
  return (k) => min - (1 + (k % 32)) * 1e7;
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
  { variant = 'paper', ...run }: ForwardRun & AblationCamOptions = {},
): Promise<NdArray<Float32Array>> {
  const where = 'ablationCamByRuns';
  const a = readArray(where, 'activations', activations, ['channels', 'height', 'width']);
  assertFinite(where, 'score', [score]);
  const [channels, height, width] = activations.shape as [number, number, number];
  const cells = height * width;
  const replacement = replacementOf(where, a, variant);
  const scores = await evaluateInputs(
    where,
    evaluateTail,
    channels,
    activations.shape,
    (into, k) => {
      into.set(a);
      into.fill(replacement(k), k * cells, (k + 1) * cells);
    },
    run,
  );
  const weights = scores.map((without) => (score - without) / (score || 1));
  return toPositiveMap(where, weightedSum({ activations: a, channels, cells }, weights), height, width);
}
