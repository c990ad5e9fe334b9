import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
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
  const a = readArray('cam', 'activations', activations, ['channels', 'height', 'width']);
  const weights = readArray('cam', 'channelWeights', channelWeights, ['channels']);
  const [channels, height, width] = activations.shape as [number, number, number];
  if (weights.length !== channels) {
    throw new ShapeError(
      `cam: expected channelWeights [${channels}]; received shape [${channelWeights.shape}].`,
    );
  }
  const sum = weightedSum({ activations: a, channels, cells: height * width }, weights);
  return (relu ? toPositiveMap : toMap)('cam', sum, height, width);
}
