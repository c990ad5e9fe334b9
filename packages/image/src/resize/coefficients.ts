import type { ResizeFilter } from '../preprocessing.ts';

/** Weights of one axis of a PIL resize: output i is Σ_j `weights[i·taps + j]` · input[`start[i]` + j], j < `count[i]`. */
export interface Coefficients {
  /** First output index these are for. */
  readonly first: number;
  readonly taps: number;
  readonly start: Int32Array;
  readonly count: Int32Array;
  /** Fixed point, scaled by 2^`precisionBits`. */
  readonly weights: Int32Array;
}

/** PIL keeps 32 − 8 − 2 bits: eight for the pixel, two so that a kernel's overshoot cannot overflow an int32. */
export const precisionBits = 22;

const kernels: Record<
  Exclude<ResizeFilter, 'nearest'>,
  { support: number; weight: (x: number) => number }
> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: keys },
};

/** Cubic convolution with a = −0.5 (Keys 1981), in the order of operations PIL has: the last bit matters. */
function keys(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

/**
 * Coefficients for the outputs `first` … `first + length − 1` of a resize from `inputSize` to `outputSize` samples.
 * When shrinking, the kernel is as wide as an output pixel (antialiasing); what reaches over the border is renormalised.
 */
export function coefficients(
  inputSize: number,
  outputSize: number,
  filter: Exclude<ResizeFilter, 'nearest'>,
  first: number,
  length: number,
): Coefficients {
  const { support: unitSupport, weight } = kernels[filter];
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = unitSupport * filterScale;
  const taps = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * taps);
  const row = new Float64Array(taps);
  const inverse = 1 / filterScale;
  for (let i = 0; i < length; i++) {
    const center = (first + i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const high = Math.min(inputSize, Math.trunc(center + support + 0.5));
    let total = 0;
    for (let j = 0; j < high - low; j++) {
      row[j] = weight((j + low - center + 0.5) * inverse);
      total += row[j]!;
    }
    for (let j = 0; j < high - low; j++) {
      const fixed = (total === 0 ? row[j]! : row[j]! / total) * 2 ** precisionBits;
      weights[i * taps + j] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    start[i] = low;
    count[i] = high - low;
  }
  return { first, taps, start, count, weights };
}
