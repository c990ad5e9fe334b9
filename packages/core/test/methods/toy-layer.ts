import type { NdArray } from 'ndarray';
import { view } from '../../src/index.ts';

/** Two channels of 2×2 cells, small enough to compute every method by hand. */
export const activations: NdArray<Float32Array> = view(Float32Array.of(1, 2, 3, 4, 2, 0, 0, 1), [2, 2, 2]);
export const gradients: NdArray<Float32Array> = view(Float32Array.of(1, -1, 0, 2, -1, 1, -2, 0), [2, 2, 2]);
/** The same gradient in every cell of a channel, as a vector and written out. */
export const constantGradients: NdArray<Float32Array> = view(Float32Array.of(0.5, -0.25), [2]);
export const writtenOutGradients: NdArray<Float32Array> = view(
  Float32Array.of(0.5, 0.5, 0.5, 0.5, -0.25, -0.25, -0.25, -0.25),
  [2, 2, 2],
);
