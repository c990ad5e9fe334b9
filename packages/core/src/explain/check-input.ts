import type { NdArray } from 'ndarray';
import { ShapeError } from '../errors.ts';
import type { Model } from '../model.ts';

/**
 * That its numbers are finite is the forward pass's to check (see `Model.forward`): reading every pixel twice shows in the time.
 * @throws ShapeError unless `input` is [1, channels, height, width] as the model takes it
 */
export function checkInput(model: Model, { shape }: NdArray<Float32Array>): void {
  const expected = [1, model.input.channels, model.input.height, model.input.width];
  const fits = expected.every((extent, axis) => shape[axis]! >= 1 && (extent ?? shape[axis]) === shape[axis]);
  if (fits && shape.length === expected.length) return;
  throw new ShapeError(
    `explain: expected input [${expected.map((extent) => extent ?? 'any').join(', ')}]; received shape [${shape}]. ` +
      'One image at a time, preprocessed to the model’s size.',
  );
}
