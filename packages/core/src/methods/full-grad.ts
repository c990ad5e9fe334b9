import type { NdArray } from 'ndarray';
import { assertOneOf, readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
import { bilinear } from '../kernels/bilinear.ts';
import { toMap } from '../kernels/to-map.ts';
import { valueRange } from '../map/normalize.ts';
import type { ArrayView } from '../view.ts';

/** A layer that adds a bias: a convolution, or a batch normalisation with its implicit bias β − μ·γ/√(σ² + ε). */
export interface BiasLayer {
  /** [channels]. */
  readonly bias: ArrayView;
  /** ∂y/∂ of what the layer gives out, [channels, height, width]. */
  readonly gradients: ArrayView;
}

export interface FullGradOptions {
  /**
   * `pytorch-grad-cam` min-maxes every channel alone, with 1e-7, and enlarges with half-pixel centres. Default `author`: every layer over
   * all its channels, with 1e-6, corners aligned.
   */
  readonly variant?: FullGradVariant;
}

export type FullGradVariant = 'author' | 'pytorch-grad-cam';

/**
 * FullGrad: what the input and every bias of the network add to the score, as one map.
 *
 * `input` and `inputGradients` ∂y/∂x [channels, height, width]; `layers` all that add a bias; returns [height, width] of the input, ≥ 0,
 * without unit: normalise it to look at it.
 *
 *     y = x·∂y/∂x + Σ_l b_l·∂y/∂b_l        L = Σ_k ψ(|x ⊙ ∂y/∂x|)_k + Σ_l Σ_k ψ(|b_l ⊙ g_l|)_k        ψ = minmax, then enlarged
 *
 * `explain` does not offer it, since a `Model` hands out gradients of its layers' maps only: `createGradientSession` of
 * `@hybridcam/onnx/autodiff` gives those of the input and of any tensor of an ONNX file.
 *
 * Srinivas and Fleuret, Full-Gradient Representation for Neural Network Visualization, NeurIPS 2019.
 * @throws ShapeError, NonFiniteError; OptionError for another variant
 * @example fullGrad(input, inputGradients, [{ bias, gradients }])
 */
export function fullGrad(
  input: ArrayView,
  inputGradients: ArrayView,
  layers: readonly BiasLayer[],
  { variant = 'author' }: FullGradOptions = {},
): NdArray<Float32Array> {
  const where = 'fullGrad';
  assertOneOf(where, 'variant', variant, ['author', 'pytorch-grad-cam']);
  const axes = ['channels', 'height', 'width'];
  const x = readArray(where, 'input', input, axes);
  const slopes = readArray(where, 'inputGradients', inputGradients, axes);
  assertShape('inputGradients', inputGradients, input.shape);
  const [, height, width] = input.shape as [number, number, number];
  const sum = new Float64Array(height * width);
  const add = (values: Float64Array, shape: readonly number[]): void => {
    const [channels, rows, columns] = shape as [number, number, number];
    const cells = rows * columns;
    const scaled = variant === 'author' ? scale(values, 1e-6) : values;
    for (let k = 0; k < channels; k++) {
      const own = scaled.subarray(k * cells, (k + 1) * cells);
      const channel = variant === 'author' ? own : scale(own, 1e-7);
      const large = bilinear(channel, [rows, columns], [height, width], variant === 'author');
      for (let i = 0; i < sum.length; i++) sum[i]! += large[i]!;
    }
  };
  add(
    Float64Array.from(x, (value, i) => Math.abs(value * slopes[i]!)),
    input.shape,
  );
  for (const { bias, gradients } of layers) {
    const b = readArray(where, 'bias', bias, ['channels']);
    const g = readArray(where, 'gradients', gradients, axes);
    assertShape('bias', bias, gradients.shape.slice(0, 1));
    const cells = g.length / b.length;
    add(
      Float64Array.from(g, (value, i) => Math.abs(value * b[Math.floor(i / cells)]!)),
      gradients.shape,
    );
  }
  return toMap(where, sum, height, width);
}

function assertShape(name: string, { shape }: ArrayView, expected: readonly number[]): void {
  if (shape.join() === expected.join()) return;
  throw new ShapeError(`fullGrad: expected ${name} [${expected}]; received shape [${shape}].`);
}

function scale(values: Float64Array, epsilon: number): Float64Array {
  const { min, max } = valueRange(values);
  return values.map((value) => (value - min) / (max - min + epsilon));
}
