import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { assertOneOf } from '../check-options.ts';
import { toPositiveMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

export interface FemOptions {
  /**
   * `pytorch-grad-cam` weights whole channels by the share of their cells above the threshold: another map under the same name.
   * Default `paper` (which Xplique follows too).
   */
  readonly variant?: FemVariant;
}

export type FemVariant = 'paper' | 'pytorch-grad-cam';

export const femVariants: readonly FemVariant[] = ['paper', 'pytorch-grad-cam'];

/**
 * Feature Explanation Method: counts, weighted by channel means, the cells in which a channel responds unusually strongly. It needs
 * no gradient and knows no class.
 *
 * `activations` [channels, height, width]; returns [height, width], ≥ 0, in units of the activations.
 *
 *     L = ReLU( Σ_k μ_k · [A_k ≥ μ_k + 2σ_k] )        pytorch-grad-cam: ReLU( Σ_k mean_ij[A_k > μ_k + 2σ_k] · A_k )
 *
 * Fuad et al., Features Understanding in 3D CNNs for Actions Recognition in Video, IPTA 2020.
 * @throws ShapeError, NonFiniteError, OptionError for another variant
 * @example fem(activations)
 */
export function fem(activations: ArrayView, { variant = 'paper' }: FemOptions = {}): NdArray<Float32Array> {
  assertOneOf('fem', 'variant', variant, femVariants);
  const a = readArray('fem', 'activations', activations, ['channels', 'height', 'width']);
  const [channels, height, width] = activations.shape as [number, number, number];
  const cells = height * width;
  const sum = new Float64Array(cells);
  for (let k = 0; k < channels; k++) {
    const channel = new Float64Array(a.subarray(k * cells, (k + 1) * cells));
    const mean = channel.reduce((total, value) => total + value, 0) / cells;
    const variance = channel.reduce((total, value) => total + (value - mean) ** 2, 0) / cells;
    const threshold = mean + 2 * Math.sqrt(variance);
    if (variant === 'paper') {
      for (let i = 0; i < cells; i++) if (channel[i]! >= threshold) sum[i]! += mean;
    } else {
      const share = channel.filter((value) => value > threshold).length / cells;
      for (let i = 0; i < cells; i++) sum[i]! += share * channel[i]!;
    }
  }
  return toPositiveMap('fem', sum, height, width);
}
