import type { Layer } from './layer.ts';

/** Σ_k channelWeights_k · A_k, [cells], in float64. */
export function weightedSum(
  { activations, channels, cells }: Pick<Layer, 'activations' | 'channels' | 'cells'>,
  channelWeights: ArrayLike<number>,
): Float64Array {
  const sum = new Float64Array(cells);
  for (let k = 0; k < channels; k++) {
    const weight = channelWeights[k]!;
    if (weight === 0) continue;
    const start = k * cells;
    for (let i = 0; i < cells; i++) sum[i]! += weight * activations[start + i]!;
  }
  return sum;
}
