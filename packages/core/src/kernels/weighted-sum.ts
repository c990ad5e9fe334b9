import type { Layer } from './layer.ts';

type Activations = Pick<Layer, 'activations' | 'channels' | 'cells'>;

/** Σ_k channelWeights_k · A_k, [cells], in float64. */
export function weightedSum(layer: Activations, channelWeights: ArrayLike<number>): Float64Array {
  const used: number[] = [];
  for (let k = 0; k < layer.channels; k++) if (channelWeights[k] !== 0) used.push(k);
  return sumOf(used, layer, channelWeights);
}

/**
 * The two parts of `weightedSum`, each [cells]: what the channels of positive weight add, and what those of negative weight take away.
 */
export function signedSums(
  layer: Activations,
  channelWeights: ArrayLike<number>,
): { positive: Float64Array; negative: Float64Array } {
  const [up, down]: [number[], number[]] = [[], []];
  for (let k = 0; k < layer.channels; k++) {
    if (channelWeights[k]! > 0) up.push(k);
    else if (channelWeights[k] !== 0) down.push(k); // NaN too: it must show in a sum
  }
  const negative = sumOf(down, layer, channelWeights);
  for (let i = 0; i < negative.length; i++) negative[i] = -negative[i]!;
  return { positive: sumOf(up, layer, channelWeights), negative };
}

/** Four channels at a time: a third of the time, as the sums are read and written a quarter as often. */
function sumOf(
  used: readonly number[],
  { activations, cells }: Activations,
  channelWeights: ArrayLike<number>,
): Float64Array {
  const sum = new Float64Array(cells);
  const whole = used.length & ~3;
  for (let n = 0; n < whole; n += 4) {
    const [k, l, m, o] = [used[n]!, used[n + 1]!, used[n + 2]!, used[n + 3]!];
    const [wk, wl, wm, wo] = [channelWeights[k]!, channelWeights[l]!, channelWeights[m]!, channelWeights[o]!];
    const [ak, al, am, ao] = [k * cells, l * cells, m * cells, o * cells];
    for (let i = 0; i < cells; i++) {
      sum[i]! +=
        wk * activations[ak + i]! +
        wl * activations[al + i]! +
        (wm * activations[am + i]! + wo * activations[ao + i]!);
    }
  }
  for (const k of used.slice(whole)) {
    const weight = channelWeights[k]!;
    for (let i = 0; i < cells; i++) sum[i]! += weight * activations[k * cells + i]!;
  }
  return sum;
}
