import { readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
import type { ArrayView } from '../view.ts';
import type { Layer } from './layer.ts';

/** A layer and one class's row of the linear head behind it, checked and packed. */
export interface ClassLayer {
  readonly layer: Pick<Layer, 'activations' | 'channels' | 'cells'>;
  /** [channels]. */
  readonly weights: Float32Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Checks activations [channels, height, width] and channelWeights [channels].
 * @throws ShapeError, NonFiniteError
 */
export function readClassLayer(where: string, activations: ArrayView, channelWeights: ArrayView): ClassLayer {
  const a = readArray(where, 'activations', activations, ['channels', 'height', 'width']);
  const weights = readArray(where, 'channelWeights', channelWeights, ['channels']);
  const [channels, height, width] = activations.shape as [number, number, number];
  if (weights.length !== channels) {
    throw new ShapeError(
      `${where}: expected channelWeights [${channels}]; received shape [${channelWeights.shape}].`,
    );
  }
  return { layer: { activations: a, channels, cells: height * width }, weights, height, width };
}
