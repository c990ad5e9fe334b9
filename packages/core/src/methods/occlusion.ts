import type { NdArray } from 'ndarray';
import { assertFinite } from '../check.ts';
import { type EvaluateTarget, evaluateInputs, type ForwardRun } from '../forwards/evaluate-target.ts';
import { readInput } from '../forwards/masked-input.ts';
import { occlusionGrid } from '../forwards/occlusion-grid.ts';
import { toMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

export interface OcclusionOptions extends ForwardRun {
  /** Side of the square in pixels. Default: a seventh of the shorter side of the input, rounded up. */
  readonly window?: number | undefined;
  /** Pixels from one position to the next. Default: half the window, rounded up. */
  readonly stride?: number | undefined;
  /** What covers the window, after preprocessing. Default 0: the mean colour where the preprocessing subtracts it. */
  readonly baseline?: number;
}

/**
 * Occlusion: how much the score falls when a square hides a part of the input, averaged per pixel over the squares that cover it. It
 * sees the model from outside only: no layer, no gradient.
 *
 * `input` [1, channels, height, width]; `evaluate` y; returns [height, width] at input size, in units of y: negative where
 * hiding helps the class.
 *
 *     L_ij = mean over windows R that contain ij of  y(X) − y(X with R covered)
 *
 * It costs one evaluation per position of the square, and one of the input itself. The last position of a row or column may reach
 * over the edge, where it covers what there is (as Captum's does).
 *
 * Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014.
 * @throws ShapeError, NonFiniteError, OptionError, AbortedError; what `evaluate` throws
 * @example await occlusion(input, logitOfClass, { window: 32, stride: 16 })
 */
export async function occlusion(
  input: ArrayView,
  evaluate: EvaluateTarget,
  { window, stride, baseline = 0, ...run }: OcclusionOptions = {},
): Promise<NdArray<Float32Array>> {
  const where = 'occlusion';
  const { shape, values } = readInput(where, input);
  const [channels, height, width] = shape;
  const { side, rows, columns } = occlusionGrid([height, width], { window, stride });
  assertFinite(where, 'baseline', [baseline]);
  const regions = rows.flatMap((top) => columns.map((left) => ({ top, left })));
  const covered = ({ top, left }: { top: number; left: number }, visit: (pixel: number) => void): void => {
    for (let y = top; y < Math.min(top + side, height); y++) {
      for (let x = left; x < Math.min(left + side, width); x++) visit(y * width + x);
    }
  };
  const scores = await evaluateInputs(
    where,
    evaluate,
    regions.length + 1,
    shape,
    (into, i) => {
      into.set(values);
      if (i === 0) return;
      covered(regions[i - 1]!, (pixel) => {
        for (let c = 0; c < channels; c++) into[c * height * width + pixel] = baseline;
      });
    },
    run,
  );
  const sum = new Float64Array(height * width);
  const count = new Float64Array(height * width);
  regions.forEach((region, i) => {
    covered(region, (pixel) => {
      sum[pixel]! += scores[0]! - scores[i + 1]!;
      count[pixel]!++;
    });
  });
  return toMap(
    where,
    sum.map((total, i) => total / (count[i]! || 1)),
    height,
    width,
  );
}
