import { leadingEigenvector } from './leading-eigenvector.ts';

/**
 * The projection of each cell on the first principal component of the channels: with X [cells, channels] the values less each
 * channel's mean, X · v₁ for its first right singular vector. Its sign makes it correlate with `orientation` [cells].
 *
 * `values` [channels, cells]; returns [cells]. Only cells × cells numbers are ever decomposed, and those not even formed.
 */
export function principalMap(
  values: Float64Array,
  channels: number,
  cells: number,
  orientation: ArrayLike<number>,
): Float64Array {
  const centred = values.slice();
  for (let k = 0; k < channels; k++) {
    const row = centred.subarray(k * cells, (k + 1) * cells);
    const mean = row.reduce((sum, value) => sum + value, 0) / cells;
    for (let i = 0; i < cells; i++) row[i]! -= mean;
  }
  const gram = (vector: Float64Array): Float64Array => {
    const product = new Float64Array(cells);
    for (let k = 0; k < channels; k++) {
      const start = k * cells;
      let component = 0;
      for (let i = 0; i < cells; i++) component += centred[start + i]! * vector[i]!;
      for (let i = 0; i < cells; i++) product[i]! += component * centred[start + i]!;
    }
    return product;
  };
  const direction = leadingEigenvector(gram, cells);
  // X·v₁ = σ₁·u₁, and σ₁² is the eigenvalue of X·Xᵀ.
  const image = gram(direction);
  const singularValue = Math.sqrt(image.reduce((sum, value, i) => sum + value * direction[i]!, 0));
  let agreement = 0;
  let largest = 0;
  for (let i = 0; i < cells; i++) {
    agreement += direction[i]! * orientation[i]!;
    if (Math.abs(direction[i]!) > Math.abs(largest)) largest = direction[i]!;
  }
  const sign = (agreement || largest) < 0 ? -1 : 1;
  return direction.map((value) => sign * singularValue * value);
}
