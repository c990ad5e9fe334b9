import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { assertOneOf } from '../check-options.ts';
import { ShapeError } from '../errors.ts';
import { bilinear } from '../kernels/bilinear.ts';
import { toMap } from '../kernels/to-map.ts';
import { valueRange } from '../kernels/value-range.ts';
import type { ScoreShares } from '../model.ts';
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
   * `pytorch-grad-cam` min-maxes every channel alone, with 1e-7, and enlarges with half-pixel centres. Default `paper`: every layer over
   * all its channels, with 1e-6, corners aligned, as the authors' code has it.
   */
  readonly variant?: FullGradVariant;
}

export type FullGradVariant = 'paper' | 'pytorch-grad-cam';

/**
 * FullGrad: what the input and every bias of the network add to the score, as one map.
 *
 * `input` and `inputGradients` ∂y/∂x [channels, height, width]; `layers` all that add a bias; returns [height, width] of the input, ≥ 0,
 * without unit: normalise it to look at it.
 *
 *     y = x·∂y/∂x + Σ_l b_l·∂y/∂b_l        L = Σ_k ψ(|x ⊙ ∂y/∂x|)_k + Σ_l Σ_k ψ(|b_l ⊙ g_l|)_k        ψ = minmax, then enlarged
 *
 * For tensors of your own: `explain` finds them in an ONNX model itself.
 *
 * Srinivas and Fleuret, Full-Gradient Representation for Neural Network Visualization, NeurIPS 2019.
 * @throws ShapeError, NonFiniteError; OptionError for another variant
 * @example fullGrad(input, inputGradients, [{ bias, gradients }])
 */
export function fullGrad(
  input: ArrayView,
  inputGradients: ArrayView,
  layers: readonly BiasLayer[],
  { variant = 'paper' }: FullGradOptions = {},
): NdArray<Float32Array> {
  assertOneOf(where, 'variant', variant, ['paper', 'pytorch-grad-cam']);
  const x = readArray(where, 'input', input, axes);
  const slopes = readArray(where, 'inputGradients', inputGradients, axes);
  assertShape('inputGradients', inputGradients, input.shape);
  const ofLayers = layers.map(({ bias, gradients }): Share => {
    const b = readArray(where, 'bias', bias, ['channels']);
    const g = readArray(where, 'gradients', gradients, axes);
    assertShape('bias', bias, gradients.shape.slice(0, 1));
    const cells = g.length / b.length;
    return {
      values: g.map((value, i) => value * b[Math.floor(i / cells)]!),
      shape: gradients.shape as Shape,
    };
  });
  const ofInput = {
    values: x.map((value, i) => value * slopes[i]!),
    shape: input.shape as Shape,
  };
  return sumOfShares([ofInput, ...ofLayers], variant);
}

/**
 * FullGrad from what a model says the input and its biases add; what they add at no place of the picture is no part of the map. pytorch-grad-cam
 * has the biases of layers alone, the paper also what curved and clipped steps add: a ReLU6 that is saturated adds 6.
 */
export function fullGradOfShares(
  { input, biases }: ScoreShares,
  variant: FullGradVariant,
): NdArray<Float32Array> {
  const share = (values: NdArray<Float32Array>): Share => {
    const own = values.pick(0, null, null, null);
    return { values: readArray(where, 'shares', own, axes), shape: own.shape as unknown as Shape };
  };
  const onMaps = biases.filter(
    ({ of, values }) => values.shape.length === 4 && (of === 'layer' || variant === 'paper'),
  );
  return sumOfShares([share(input), ...onMaps.map(({ values }) => share(values))], variant);
}

const where = 'fullGrad';
const axes = ['channels', 'height', 'width'];

type Shape = readonly [channels: number, height: number, width: number];

interface Share {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
}

/** The first share is that of the input, whose size the map has. */
function sumOfShares(shares: readonly [Share, ...Share[]], variant: FullGradVariant): NdArray<Float32Array> {
  const [, height, width] = shares[0].shape;
  const sum = new Float64Array(height * width);
  for (const { values, shape } of shares) {
    const [channels, rows, columns] = shape;
    const cells = rows * columns;
    const magnitudes = new Float64Array(values).map(Math.abs);
    const scaled = variant === 'paper' ? scale(magnitudes, 1e-6) : magnitudes;
    // Enlarging is linear: once for the sum of the channels is the sum over each enlarged.
    const added = new Float64Array(cells);
    for (let k = 0; k < channels; k++) {
      const own = scaled.subarray(k * cells, (k + 1) * cells);
      const channel = variant === 'paper' ? own : scale(own, 1e-7);
      for (let i = 0; i < cells; i++) added[i]! += channel[i]!;
    }
    const large = bilinear(added, [rows, columns], [height, width], variant === 'paper');
    for (let i = 0; i < sum.length; i++) sum[i]! += large[i]!;
  }
  return toMap(where, sum, height, width);
}

function assertShape(name: string, { shape }: ArrayView, expected: readonly number[]): void {
  if (shape.join() === expected.join()) return;
  throw new ShapeError(`${where}: expected ${name} [${expected}]; received shape [${shape}].`);
}

function scale(values: Float64Array, epsilon: number): Float64Array {
  const { min, max } = valueRange(values);
  return values.map((value) => (value - min) / (max - min + epsilon));
}
