import { OptionError, ShapeError } from '../errors.ts';
import type { Target } from './target.ts';

/**
 * The mean score of one class over a region, for segmentation models whose output [classes, height, width] the adapter hands out as one
 * row of scores (row-major, as a Flatten node leaves it).
 *
 *     y = mean over p in the region of  score[classIndex · pixels + p]
 *
 * `region` [pixels] of the output: what is not 0 counts. Take the pixels the model itself gave to the class, to ask why there.
 * @throws OptionError for a region without pixels or a class index that is no integer ≥ 0; ShapeError when used with scores whose count is
 * no multiple of the pixels, or that lack the class
 * @example regionMean(7, mask)
 */
export function regionMean(classIndex: number, region: ArrayLike<number | boolean>): Target {
  const where = 'regionMean';
  const pixels = Array.from(region, (inside, pixel) => (inside ? pixel : -1)).filter((pixel) => pixel >= 0);
  if (pixels.length === 0)
    throw new OptionError(`${where}: expected a region of at least one pixel; received none.`);
  if (!(Number.isInteger(classIndex) && classIndex >= 0)) {
    throw new OptionError(`${where}: expected a class index ≥ 0; received ${classIndex}.`);
  }
  const start = classIndex * region.length;
  const assertFits = (count: number): void => {
    if (count % region.length === 0 && start < count) return;
    throw new ShapeError(
      `${where}: expected scores [classes × ${region.length}] with class ${classIndex}; received ${count}.`,
    );
  };
  return {
    description: `regionMean(${classIndex}, ${pixels.length} of ${region.length})`,
    // The scores are of pixels: no single one of them is the class's.
    classIndex: undefined,
    linear: true,
    value(scores) {
      assertFits(scores.length);
      return pixels.reduce((sum, pixel) => sum + scores[start + pixel]!, 0) / pixels.length;
    },
    gradient(scores) {
      assertFits(scores.length);
      const gradient = new Float64Array(scores.length);
      for (const pixel of pixels) gradient[start + pixel] = 1 / pixels.length;
      return gradient;
    },
  };
}
