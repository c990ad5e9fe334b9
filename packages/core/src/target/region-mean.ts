import { assertOneOf } from '../check-options.ts';
import { OptionError, ShapeError } from '../errors.ts';
import type { Target } from './target.ts';

export interface RegionMeanOptions {
  /** `first`: the output is [classes, height, width], as PyTorch's models have it; `last`: [height, width, classes]. Default `first`. */
  readonly classAxis?: 'first' | 'last';
}

/**
 * The mean score of one class over a region, for segmentation models, whose output an adapter hands out as one row of scores (row-major).
 *
 *     y = mean over p in the region of  score[classIndex · pixels + p]        last: score[p · classes + classIndex]
 *
 * `region` [pixels] of the output: what is not 0 counts. Take the pixels the model itself gave to the class, to ask why there.
 * @throws OptionError for a region without pixels, a class index that is no integer ≥ 0 or another axis; ShapeError when used with
 * scores whose count is no multiple of the pixels, or that lack the class
 * @example regionMean(7, mask)
 */
export function regionMean(
  classIndex: number,
  region: ArrayLike<number | boolean>,
  { classAxis = 'first' }: RegionMeanOptions = {},
): Target {
  const where = 'regionMean';
  assertOneOf(where, 'classAxis', classAxis, ['first', 'last']);
  const pixels = Array.from(region, (inside, pixel) => (inside ? pixel : -1)).filter((pixel) => pixel >= 0);
  if (pixels.length === 0)
    throw new OptionError(`${where}: expected a region of at least one pixel; received none.`);
  if (!(Number.isInteger(classIndex) && classIndex >= 0)) {
    throw new OptionError(`${where}: expected a class index ≥ 0; received ${classIndex}.`);
  }
  /** Positions in `count` scores of the region's scores. */
  const positionsIn = (count: number): number[] => {
    const classes = count / region.length;
    if (!Number.isInteger(classes) || classIndex >= classes) {
      throw new ShapeError(
        `${where}: expected scores [classes × ${region.length}] with class ${classIndex}; received ${count}.`,
      );
    }
    return pixels.map((pixel) =>
      classAxis === 'first' ? classIndex * region.length + pixel : pixel * classes + classIndex,
    );
  };
  return {
    description: `regionMean(${classIndex}, ${pixels.length} of ${region.length})`,
    // The scores are of pixels: no single one of them is the class's.
    classIndex: undefined,
    linear: true,
    value(scores) {
      const positions = positionsIn(scores.length);
      return positions.reduce((sum, position) => sum + scores[position]!, 0) / positions.length;
    },
    gradient(scores) {
      const positions = positionsIn(scores.length);
      const gradient = new Float64Array(scores.length);
      for (const position of positions) gradient[position] = 1 / positions.length;
      return gradient;
    },
  };
}
