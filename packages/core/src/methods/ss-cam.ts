import type { NdArray } from 'ndarray';
import { OptionError } from '../errors.ts';
import { channelMasks } from '../forwards/channel-masks.ts';
import { type EvaluateTarget, evaluateInputs, type ForwardRun } from '../forwards/evaluate-target.ts';
import { readInput } from '../forwards/masked-input.ts';
import { fillNormal } from '../kernels/random.ts';
import { softmax } from '../kernels/softmax.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface SsCamOptions extends ForwardRun {
  /** Noisy masks per channel. Default 35, the paper's. */
  readonly draws?: number;
  /** Standard deviation of the noise on a mask in [0, 1]. Default 2, the paper's. */
  readonly noise?: number;
  /** An integer; the same seed gives the same map everywhere. Default 0. */
  readonly seed?: number;
  /** Probe only so many channels, those that vary most in space. Default: all. */
  readonly channels?: number | undefined;
}

/**
 * SS-CAM (smoothed Score-CAM): as Score-CAM, with the mean over noisy masks. It costs `draws` evaluations per channel.
 *
 * `activations` [channels, height, width]; `input` [1, channels, height, width]; `evaluate` y, the class's logit; returns
 * [height, width], ≥ 0, without unit.
 *
 *     M_k = ↑minmax(A_k)        w = softmax_k( mean_n y(X ⊙ (M_k + σ·ε_n)) ),  ε ~ N(0, 1) per pixel        L = ReLU( Σ_k w_k · A_k )
 *
 * TorchCAM's order of steps; its noise comes from PyTorch's generator, so its numbers agree with ours as draws do, not digit by digit.
 *
 * Wang et al., SS-CAM: Smoothed Score-CAM for Sharper Visual Feature Localization, 2020.
 * @throws ShapeError, NonFiniteError, OptionError, AbortedError; what `evaluate` throws
 * @example await ssCam(activations, input, logitOfClass, { channels: 32, seed: 1 })
 */
export async function ssCam(
  activations: ArrayView,
  input: ArrayView,
  evaluate: EvaluateTarget,
  { draws = 35, noise = 2, seed = 0, channels, ...run }: SsCamOptions = {},
): Promise<NdArray<Float32Array>> {
  const where = 'ssCam';
  if (!(Number.isInteger(draws) && draws >= 1)) {
    throw new OptionError(`${where}: expected an integer count of draws ≥ 1; received ${draws}.`);
  }
  if (!(noise >= 0 && Number.isFinite(noise))) {
    throw new OptionError(`${where}: expected noise ≥ 0; received ${noise}.`);
  }
  const image = readInput(where, input);
  const masks = channelMasks(where, activations, { channels, order: 'normalize-first' });
  const [, height, width] = image.shape;
  const noisy = new Float64Array(height * width);
  const scores = await evaluateInputs(
    where,
    evaluate,
    masks.chosen.length * draws,
    image.shape,
    (into, i) => {
      fillNormal(noisy, seed, i * noisy.length);
      const mask = masks.mask(masks.chosen[Math.floor(i / draws)]!, [height, width]);
      for (let pixel = 0; pixel < noisy.length; pixel++) noisy[pixel] = mask[pixel]! + noise * noisy[pixel]!;
      image.apply(into, noisy);
    },
    run,
  );
  const means = new Float64Array(masks.chosen.length);
  scores.forEach((score, i) => {
    means[Math.floor(i / draws)]! += score / draws;
  });
  const weights = new Float64Array(masks.channels);
  softmax(means).forEach((share, i) => {
    weights[masks.chosen[i]!] = share;
  });
  return toPositiveMap(where, weightedSum(masks, weights), masks.height, masks.width);
}
