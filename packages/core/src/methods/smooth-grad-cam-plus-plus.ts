import type { NdArray } from 'ndarray';
import { assertOneOf } from '../check-options.ts';
import { OptionError, ShapeError } from '../errors.ts';
import { readLayer } from '../kernels/layer.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface SmoothGradCamPlusPlusOptions {
  /**
   * `torchcam` puts only the last noisy gradient into the ReLU and maps the last noisy activations. Default `paper`: the mean gradient
   * and the activations of the input itself.
   */
  readonly variant?: SmoothGradCamPlusPlusVariant;
}

export type SmoothGradCamPlusPlusVariant = 'paper' | 'torchcam';

export const smoothGradCamPlusPlusVariants: readonly SmoothGradCamPlusPlusVariant[] = ['paper', 'torchcam'];

/** What the layer answers to one noisy copy of the input. */
export interface NoisySample {
  readonly activations: ArrayView;
  readonly gradients: ArrayView;
}

/**
 * Smooth Grad-CAM++: Grad-CAM++ with first, second and third powers of the gradient averaged over noisy copies of the input.
 *
 * `activations` [channels, height, width] of the input itself; `samples` the layer under noise, activations of the same shape and
 * gradients of that shape or [channels]; returns [height, width], ≥ 0, without unit.
 *
 *     a = mean_n g² / (2·mean_n g² + Σ_ab A_kab · mean_n g³)        w_k = Σ_ij a_kij · ReLU(mean_n g)        L = ReLU( Σ_k w_k · A_k )
 *     torchcam: Σ_ab (A_kab · mean_n g³_kab) + 1e-8 in the denominator; g in the ReLU and A in the map of the last sample
 *
 * Omeiza et al., Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique for Deep Convolutional Neural Network Models, 2019.
 * @throws ShapeError, NonFiniteError, OptionError for no samples or another variant
 * @example smoothGradCamPlusPlus(activations, noisySamples)
 */
export function smoothGradCamPlusPlus(
  activations: ArrayView,
  samples: readonly NoisySample[],
  { variant = 'paper' }: SmoothGradCamPlusPlusOptions = {},
): NdArray<Float32Array> {
  const where = 'smoothGradCamPlusPlus';
  assertOneOf(where, 'variant', variant, smoothGradCamPlusPlusVariants);
  if (samples.length === 0) throw new OptionError(`${where}: expected at least one sample; received none.`);
  const noisy = samples.map((sample) => readLayer(where, sample.activations, sample.gradients));
  const clean = readLayer(where, activations, samples[0]!.gradients);
  if (
    samples.some((sample) =>
      sample.activations.shape.some((extent, axis) => extent !== activations.shape[axis]),
    )
  ) {
    throw new ShapeError(`${where}: expected samples [${activations.shape}] like the activations.`);
  }
  const { channels, cells, height, width } = clean;
  const ofPeer = variant === 'torchcam';
  const last = noisy.at(-1)!;
  const weights = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    const powers = Array.from({ length: cells }, (_, i) => {
      const mean = [0, 0, 0];
      for (const { gradients, channelStep, cellStep } of noisy) {
        const g = gradients[k * channelStep + i * cellStep]!;
        mean[0]! += g / noisy.length;
        mean[1]! += (g * g) / noisy.length;
        mean[2]! += (g * g * g) / noisy.length;
      }
      return mean as [number, number, number];
    });
    let sum = 0;
    powers.forEach(([, , third], i) => {
      sum += clean.activations[k * cells + i]! * (ofPeer ? third : 1);
    });
    powers.forEach(([first, second, third], i) => {
      const gradient = ofPeer ? last.gradients[k * last.channelStep + i * last.cellStep]! : first;
      if (gradient <= 0 || second === 0) return;
      const denominator = ofPeer ? 2 * second + sum + 1e-8 : 2 * second + sum * third;
      weights[k]! += (second / (denominator || 1)) * gradient;
    });
  }
  return toPositiveMap(where, weightedSum(ofPeer ? last : clean, weights), height, width);
}
