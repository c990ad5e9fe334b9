import { allFinite, CamError, NonFiniteError } from '@hybridcam/core';
import type { OrtTensor } from '../ort.ts';
import { halvesToFloats } from '../proto/half.ts';

/**
 * A run's output as float32, wherever it lies and in whatever float type. Halves arrive as bits (Uint16Array) or, in newer
 * engines, as Float16Array.
 */
export async function ortFloats(tensor: OrtTensor, name: string): Promise<Float32Array> {
  const data: unknown = await tensor.getData();
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array && tensor.type === 'float16') return halvesToFloats(data);
  if (data instanceof Float64Array || tensor.type === 'float16') {
    return Float32Array.from(data as unknown as ArrayLike<number>);
  }
  throw new CamError('RUNTIME', `forward: expected tensor "${name}" to be float; received ${tensor.type}.`);
}

/** @throws NonFiniteError naming the tensor, how many values are bad, and a damaged weight if `damagedWeight` finds one */
export function assertFinite(
  data: Float32Array,
  name: string,
  damagedWeight: () => string | undefined,
): void {
  if (allFinite(data)) return;
  let count = 0;
  for (const value of data) if (!Number.isFinite(value)) count++;
  const weight = damagedWeight();
  throw new NonFiniteError(
    `forward: expected finite values in tensor "${name}"; received ${count} of ${data.length} that are NaN or infinite. ` +
      (weight
        ? `Weight "${weight}" of the model is not finite.`
        : 'Check the input for NaN; a float16 model may overflow.'),
  );
}
