import type { Preprocessing } from './preprocessing.ts';

/**
 * RGB bytes [height, width, 3] to float32 planes [3, height, width]: `(value / divisor − mean) / std`, each step rounded
 * to float32 as torchvision's `ToTensor` and `Normalize` do. A byte has 256 values, so the arithmetic is a table per channel.
 */
export function normalizeRgb(
  rgb: Uint8ClampedArray,
  { channels, divisor, mean, std }: Pick<Preprocessing, 'channels' | 'divisor' | 'mean' | 'std'>,
): Float32Array {
  const size = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let channel = 0; channel < 3; channel++) {
    const table = normalizationTable(divisor, mean[channel]!, std[channel]!);
    const plane = channel * size;
    let source = channels === 'rgb' ? channel : 2 - channel;
    for (let i = 0; i < size; i++) {
      out[plane + i] = table[rgb[source]!]!;
      source += 3;
    }
  }
  return out;
}

function normalizationTable(divisor: number, mean: number, std: number): Float32Array {
  const table = new Float32Array(256);
  const [d, m, s] = [Math.fround(divisor), Math.fround(mean), Math.fround(std)];
  for (let value = 0; value < 256; value++) {
    table[value] = Math.fround(Math.fround(value / d) - m) / s;
  }
  return table;
}
