import type { NdArray } from 'ndarray';
import { OptionError } from '../errors.ts';
import { type EvaluateTarget, evaluateInputs, type ForwardRun } from '../forwards/evaluate-target.ts';
import { readInput } from '../forwards/masked-input.ts';
import { bilinear } from '../kernels/bilinear.ts';
import { uniform } from '../kernels/random.ts';
import { toMap } from '../kernels/to-map.ts';
import { valueRange } from '../kernels/value-range.ts';
import type { ArrayView } from '../view.ts';

export interface RiseOptions extends ForwardRun {
  /** Random masks: evaluations. Default 4000, the paper's for VGG-16 (8000 for ResNet-50). */
  readonly masks?: number;
  /** Cells of a mask along each axis before it is upsampled. Default 7. */
  readonly cells?: number;
  /** How likely a cell is to be seen. Default 0.5. */
  readonly visible?: number;
  /** An integer; the same seed gives the same masks everywhere. Default 0. */
  readonly seed?: number;
}

/**
 * RISE: the mean score of the input under random masks, pixel by pixel over the masks that show the pixel. It sees the model from
 * outside only: no layer, no gradient.
 *
 * `input` [1, channels, height, width]; `evaluate` y, the probability of the class; returns [height, width] at input size, in
 * units of y.
 *
 *     L = 1/(N·p) · Σ_n y(X ⊙ M_n) · M_n        M_n: cells × cells of 0 and 1, upsampled, shifted by less than a cell
 *
 * The maps of two seeds differ: with N masks noise falls as 1/√N. Where no mask changes the score the map is that score everywhere.
 *
 * Petsiuk et al., RISE: Randomized Input Sampling for Explanation of Black-box Models, BMVC 2018.
 * @throws ShapeError, NonFiniteError, OptionError, AbortedError; what `evaluate` throws
 * @example await rise(input, probabilityOfClass, { masks: 1000, seed: 1 })
 */
export async function rise(
  input: ArrayView,
  evaluate: EvaluateTarget,
  { masks = 4000, cells = 7, visible = 0.5, seed = 0, ...run }: RiseOptions = {},
): Promise<NdArray<Float32Array>> {
  const where = 'rise';
  for (const [name, count] of [
    ['masks', masks],
    ['cells', cells],
  ] as const) {
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new OptionError(`${where}: expected an integer count of ${name} ≥ 1; received ${count}.`);
    }
  }
  if (!(visible > 0 && visible <= 1)) {
    throw new OptionError(`${where}: expected visible above 0 and at most 1; received ${visible}.`);
  }
  const image = readInput(where, input);
  const [, height, width] = image.shape;
  const cell = [Math.ceil(height / cells), Math.ceil(width / cells)] as const;
  const large = [(cells + 1) * cell[0], (cells + 1) * cell[1]] as const;
  const numbersPerMask = cells * cells + 2;
  const mask = (n: number): Float64Array => {
    const start = n * numbersPerMask;
    const grid = Float64Array.from({ length: cells * cells }, (_, i) =>
      Number(uniform(seed, start + i) < visible),
    );
    const top = Math.floor(uniform(seed, start + numbersPerMask - 2) * cell[0]);
    const left = Math.floor(uniform(seed, start + numbersPerMask - 1) * cell[1]);
    const upsampled = bilinear(grid, [cells, cells], large);
    const shifted = new Float64Array(height * width);
    for (let y = 0; y < height; y++) {
      const from = (y + top) * large[1] + left;
      shifted.set(upsampled.subarray(from, from + width), y * width);
    }
    return shifted;
  };
  const scores = await evaluateInputs(
    where,
    evaluate,
    masks,
    image.shape,
    (into, n) => image.apply(into, mask(n)),
    run,
  );
  const { min, max } = valueRange(scores);
  // Otherwise the map would be how often each pixel happened to be shown.
  if (max - min <= 1e-6 * Math.abs(max)) {
    return toMap(where, new Float64Array(height * width).fill(max), height, width);
  }
  const sum = new Float64Array(height * width);
  for (let n = 0; n < masks; n++) {
    const shown = mask(n);
    for (let i = 0; i < sum.length; i++) sum[i]! += (scores[n]! * shown[i]!) / (masks * visible);
  }
  return toMap(where, sum, height, width);
}
