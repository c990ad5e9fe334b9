import type { Model } from '../model.ts';

/**
 * Whether an input is [1, channels, height, width] as the model takes it. That its numbers are finite is the forward pass's to check (see
 * `Model.forward`): reading every pixel twice shows in the time.
 */
export function fitsModel({ input }: Model, shape: readonly number[]): boolean {
  const expected = [1, input.channels, input.height, input.width];
  return (
    shape.length === 4 &&
    expected.every((extent, axis) => shape[axis]! >= 1 && (extent ?? shape[axis]) === shape[axis])
  );
}
