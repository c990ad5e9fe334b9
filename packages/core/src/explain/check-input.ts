import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
import type { Model } from '../model.ts';

/**
 * @throws ShapeError unless `input` is [1, channels, height, width] as the model takes it
 * @throws NonFiniteError
 */
export function checkInput(model: Model, input: NdArray<Float32Array>): void {
  readArray('explain', 'input', input, ['1', 'channels', 'height', 'width']);
  const expected = [1, model.input.channels, model.input.height, model.input.width];
  if (expected.some((extent, axis) => extent !== undefined && extent !== input.shape[axis])) {
    throw new ShapeError(
      `explain: expected input [${expected.map((extent) => extent ?? 'any').join(', ')}]; received shape [${input.shape}]. ` +
        'One image at a time, preprocessed to the model’s size.',
    );
  }
}
