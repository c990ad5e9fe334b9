import type { NdArray } from 'ndarray';
import { assertOneOf } from '../check-options.ts';
import { type ChannelMaskOptions, channelMasks } from '../forwards/channel-masks.ts';
import { type EvaluateTarget, evaluateInputs, type ForwardRun } from '../forwards/evaluate-target.ts';
import { readInput } from '../forwards/masked-input.ts';
import { softmax } from '../kernels/softmax.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface ScoreCamOptions extends ForwardRun {
  /** Default `paper`: the weights are y itself. The two libraries pass them through a softmax over channels. */
  readonly variant?: ScoreCamVariant;
  /** Probe only so many channels, those that vary most in space (Faster Score-CAM); the others weigh nothing. Default: all. */
  readonly channels?: number | undefined;
}

export type ScoreCamVariant = 'paper' | 'pytorch-grad-cam' | 'torchcam';

/**
 * Score-CAM: each channel weighted by what the model says of the input seen through that channel alone, then ReLU. It needs no
 * gradient, but one evaluation per channel.
 *
 * `activations` [channels, height, width]; `input` [1, channels, height, width]; `evaluate` y, for `paper` the probability of the
 * class, for the libraries its logit; returns [height, width], ≥ 0, without unit.
 *
 *     M_k = minmax(↑A_k)        w_k = y(X ⊙ M_k)        L = ReLU( Σ_k w_k · A_k )
 *     pytorch-grad-cam, torchcam: w = softmax_k( y(X ⊙ M_k) )
 *
 * `paper` leaves constant channels out, as the authors' program does. pytorch-grad-cam upsamples masks with aligned corners and adds
 * 1e-8; TorchCAM normalises before it upsamples. A hidden pixel is 0 after preprocessing: the mean colour, not black.
 *
 * Wang et al., Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks, CVPR Workshops 2020.
 * @throws ShapeError, NonFiniteError, OptionError, AbortedError; what `evaluate` throws
 * @example await scoreCam(activations, input, probabilityOfClass, { channels: 64 })
 */
export async function scoreCam(
  activations: ArrayView,
  input: ArrayView,
  evaluate: EvaluateTarget,
  { variant = 'paper', channels, ...run }: ScoreCamOptions = {},
): Promise<NdArray<Float32Array>> {
  const where = 'scoreCam';
  assertOneOf(where, 'variant', variant, Object.keys(maskings) as ScoreCamVariant[]);
  const image = readInput(where, input);
  const masks = channelMasks(where, activations, { ...maskings[variant], channels });
  const [, height, width] = image.shape;
  const scores = await evaluateInputs(
    where,
    evaluate,
    masks.chosen.length,
    image.shape,
    (into, i) => image.apply(into, masks.mask(masks.chosen[i]!, [height, width])),
    run,
  );
  const weights = new Float64Array(masks.channels);
  const shares = variant === 'paper' ? scores : softmax(scores);
  masks.chosen.forEach((k, i) => {
    weights[k] = shares[i]!;
  });
  return toPositiveMap(where, weightedSum(masks, weights), masks.height, masks.width);
}

const maskings: Readonly<Record<ScoreCamVariant, ChannelMaskOptions>> = {
  paper: { skipConstant: true },
  'pytorch-grad-cam': { alignCorners: true, epsilon: 1e-8 },
  torchcam: { order: 'normalize-first', epsilon: 1e-8 },
};
