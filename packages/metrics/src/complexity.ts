import { type ArrayView, NonFiniteError, pack } from '@hybridcam/core';

/**
 * Gini index of the absolute map: 0 for a constant, 1 − 1/n for a single pixel. Descriptive, not a quality. Undefined for an
 * all-zero map. Hurley & Rickard, 2009; Chalasani et al., ICML 2020.
 */
export function sparseness(map: ArrayView): number | undefined {
  const sorted = absolute(map, 'sparseness').sort();
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < sorted.length; i++) {
    total += sorted[i]!;
    weighted += (2 * (i + 1) - sorted.length - 1) * sorted[i]!;
  }
  return total === 0 ? undefined : weighted / (sorted.length * total);
}

/**
 * Entropy of the absolute map as a distribution over pixels, over ln n: 0 for a single pixel, 1 for a constant. Descriptive. Undefined
 * for an all-zero map. Bhatt et al., IJCAI 2020.
 */
export function entropy(map: ArrayView): number | undefined {
  const values = absolute(map, 'entropy');
  let total = 0;
  for (const value of values) total += value;
  if (total === 0) return undefined;
  if (values.length === 1) return 0;
  let sum = 0;
  for (const value of values) {
    const share = value / total;
    if (share > 0) sum -= share * Math.log(share);
  }
  return sum / Math.log(values.length);
}

function absolute(map: ArrayView, where: string): Float64Array {
  const values = Float64Array.from(pack(map), Math.abs);
  if (!values.every(Number.isFinite)) throw new NonFiniteError(`${where}: expected a finite map.`);
  return values;
}
