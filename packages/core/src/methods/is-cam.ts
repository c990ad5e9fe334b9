import type { NdArray } from 'ndarray';
import { assertOneOf } from '../check-options.ts';
import { OptionError } from '../errors.ts';
import { channelMasks } from '../forwards/channel-masks.ts';
import { type EvaluateTarget, evaluateInputs, type ForwardRun } from '../forwards/evaluate-target.ts';
import { readInput } from '../forwards/masked-input.ts';
import { softmax } from '../kernels/softmax.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface IsCamOptions extends ForwardRun {
  /**
   * `torchcam` adds the steps up as it goes, so with ten steps masks reach 5.5 times the input. Default `paper`: they rise to 1.
   */
  readonly variant?: IsCamVariant;
  /** Points of the integral per channel. Default 10, the paper's. */
  readonly points?: number;
  /** Probe only so many channels, those that vary most in space. Default: all. */
  readonly channels?: number | undefined;
}

export type IsCamVariant = 'paper' | 'torchcam';

export const isCamVariants: readonly IsCamVariant[] = ['paper', 'torchcam'];

/**
 * IS-CAM (integrated Score-CAM): as Score-CAM, with the mean over masks of growing strength. It costs `points` evaluations per
 * channel.
 *
 * `activations` [channels, height, width]; `input` [1, channels, height, width]; `evaluate` y, the class's logit; returns
 * [height, width], ≥ 0, without unit.
 *
 *     M_k = ↑minmax(A_k)        w = softmax_k( mean_n y(X ⊙ (n/N)·M_k) ),  n = 1 … N        L = ReLU( Σ_k w_k · A_k )
 *     torchcam: n/N becomes Σ_{m ≤ n} m/N
 *
 * Naidu et al., IS-CAM: Integrated Score-CAM for axiomatic-based explanations, 2020.
 * @throws ShapeError, NonFiniteError, OptionError, AbortedError; what `evaluate` throws
 * @example await isCam(activations, input, logitOfClass, { channels: 64 })
 */
export async function isCam(
  activations: ArrayView,
  input: ArrayView,
  evaluate: EvaluateTarget,
  { variant = 'paper', points = 10, channels, ...run }: IsCamOptions = {},
): Promise<NdArray<Float32Array>> {
  const where = 'isCam';
  assertOneOf(where, 'variant', variant, isCamVariants);
  if (!(Number.isInteger(points) && points >= 1)) {
    throw new OptionError(`${where}: expected an integer count of points ≥ 1; received ${points}.`);
  }
  const image = readInput(where, input);
  const masks = channelMasks(where, activations, { channels, order: 'normalize-first' });
  const [, height, width] = image.shape;
  const strength = (n: number) => (variant === 'paper' ? n / points : (n * (n + 1)) / (2 * points));
  const scores = await evaluateInputs(
    where,
    evaluate,
    masks.chosen.length * points,
    image.shape,
    (into, i) => {
      const factor = strength((i % points) + 1);
      const mask = masks.mask(masks.chosen[Math.floor(i / points)]!, [height, width]);
      image.apply(
        into,
        mask.map((value) => factor * value),
      );
    },
    run,
  );
  const means = new Float64Array(masks.chosen.length);
  scores.forEach((score, i) => {
    means[Math.floor(i / points)]! += score / points;
  });
  const weights = new Float64Array(masks.channels);
  softmax(means).forEach((share, i) => {
    weights[masks.chosen[i]!] = share;
  });
  return toPositiveMap(where, weightedSum(masks, weights), masks.height, masks.width);
}
