import { readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
import type { ArrayView } from '../view.ts';

/** One input, checked and packed, and how to see it through a mask. */
export interface MaskedInput {
  /** [channels, height, width]. */
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly values: Float32Array;
  /** Writes input ⊙ mask; `mask` [height, width] is the same for all channels. 0 is what the preprocessing maps to 0. */
  apply(into: Float32Array, mask: ArrayLike<number>): void;
}

/** @throws ShapeError unless `input` is [1, channels, height, width]; NonFiniteError */
export function readInput(where: string, input: ArrayView): MaskedInput {
  const values = readArray(where, 'input', input, ['1', 'channels', 'height', 'width']);
  if (input.shape[0] !== 1) {
    throw new ShapeError(
      `${where}: expected one input [1, channels, height, width]; received [${input.shape}].`,
    );
  }
  const shape = input.shape.slice(1) as [number, number, number];
  const pixels = shape[1] * shape[2];
  return {
    shape,
    values,
    apply(into, mask) {
      for (let start = 0; start < values.length; start += pixels) {
        for (let i = 0; i < pixels; i++) into[start + i] = values[start + i]! * mask[i]!;
      }
    },
  };
}
