import type { NdArray } from 'ndarray';
import { type ChannelTerms, weightedTerms } from '../kernels/channel-terms.ts';
import { readClassLayer } from '../kernels/class-layer.ts';
import { toMap, toPositiveMap } from '../kernels/to-map.ts';
import { weightedSum } from '../kernels/weighted-sum.ts';
import type { ArrayView } from '../view.ts';

export interface CamOptions {
  /** Clip the map at zero, as Grad-CAM does. Default false: the paper keeps negative evidence. */
  readonly relu?: boolean;
}

/**
 * Class Activation Mapping: the activations weighted by the class's row of the linear head.
 *
 * `activations` [channels, height, width]; `channelWeights` [channels], the head's weights of one class; returns
 * [height, width], signed, in score units times height·width.
 *
 *     L = Σ_k w_k · A_k
 *
 * Zhou et al., Learning Deep Features for Discriminative Localization, CVPR 2016.
 * @throws ShapeError, NonFiniteError
 * @example cam(activations, head.weights.pick(classIndex, null))
 */
export function cam(
  activations: ArrayView,
  channelWeights: ArrayView,
  { relu = false }: CamOptions = {},
): NdArray<Float32Array> {
  const { layer, weights, height, width } = readClassLayer('cam', activations, channelWeights);
  return (relu ? toPositiveMap : toMap)('cam', weightedSum(layer, weights), height, width);
}

/** What each channel adds to `cam`. */
export function camTerms(activations: ArrayView, channelWeights: ArrayView): ChannelTerms {
  const { layer, weights } = readClassLayer('cam', activations, channelWeights);
  return weightedTerms(layer, weights);
}
