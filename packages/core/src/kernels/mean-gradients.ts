import type { Layer } from './layer.ts';

type Gradients = Pick<Layer, 'gradients' | 'channels' | 'cells' | 'channelStep' | 'cellStep'>;

/** Of every channel, [channels], in float64. */
export function meanGradients({
  gradients,
  channels,
  cells,
  channelStep,
  cellStep,
}: Gradients): Float64Array {
  if (cellStep === 0) return new Float64Array(gradients);
  const means = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    const start = k * channelStep;
    const end = start + cells;
    const whole = end - (cells & 3);
    let sum = 0;
    // Sums of pairs: the additions of one step do not wait for each other.
    for (let i = start; i < whole; i += 4) {
      sum += gradients[i]! + gradients[i + 1]! + (gradients[i + 2]! + gradients[i + 3]!);
    }
    for (let i = whole; i < end; i++) sum += gradients[i]!;
    means[k] = sum / cells;
  }
  return means;
}
