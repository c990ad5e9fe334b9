import { ShapeError } from '@hybridcam/core';

/**
 * Trapezoid area under `scores` over the index, normalised to an interval of length 1: the mean score along the curve.
 *
 * `uniform` gives every interval the same weight, as RISE does (its last interval may be shorter in pixels);
 * `fractions` weighs by the true pixel fraction, as TorchCAM does. They agree where the step divides the pixels.
 * @example areaUnderCurve([0, 1], [0, 1], 'uniform') // 0.5
 */
export function areaUnderCurve(
  fractions: ArrayLike<number>,
  scores: ArrayLike<number>,
  weighting: 'uniform' | 'fractions',
): number {
  const intervals = scores.length - 1;
  if (intervals < 1 || fractions.length !== scores.length) {
    throw new ShapeError(
      `areaUnderCurve: expected two or more points with one fraction each; received ${scores.length} scores and ${fractions.length} fractions.`,
    );
  }
  let area = 0;
  for (let i = 0; i < intervals; i++) {
    const width = weighting === 'uniform' ? 1 / intervals : fractions[i + 1]! - fractions[i]!;
    area += (width * (scores[i]! + scores[i + 1]!)) / 2;
  }
  return area;
}
