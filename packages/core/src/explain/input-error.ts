import { ShapeError } from '../errors.ts';
import type { Model } from '../model.ts';

/** The words for an input that does not have the shape the model takes. */
export function inputError(model: Model, shape: readonly number[]): ShapeError {
  const expected = [1, model.input.channels, model.input.height, model.input.width];
  return new ShapeError(
    `explain: expected input [${expected.map((extent) => extent ?? 'any').join(', ')}]; received shape [${shape}]. ` +
      'One image at a time, preprocessed to the model’s size.',
  );
}
