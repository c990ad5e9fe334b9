import { OptionError, ShapeError } from '../errors.ts';
import type { Target } from './target.ts';

/** Corners in the model's own units, most often pixels of its input. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

export interface BoxScoreOptions {
  /** How many candidates the detector's table holds. */
  readonly candidates: number;
  /** `rows`: [candidates, values]; `columns`: [values, candidates]. Default `rows`. */
  readonly layout?: 'rows' | 'columns';
  /** The first four values of a candidate: `centre` x, y, width, height; `corners` left, top, right, bottom. Default `centre`. */
  readonly format?: 'centre' | 'corners';
  /** Which value of a candidate is the score of class 0. Default 4: behind the box. */
  readonly scoresAt?: number;
  /** Intersection over union with the box that a candidate must reach, in [0, 1]. Default 0.5. */
  readonly overlap?: number;
}

/**
 * The score of one class for the candidate of a detector that lies nearest to a box: what makes the detector see that thing there. For
 * detectors whose output is one table of boxes and class scores, before suppression.
 *
 *     y = score_c of the candidate with the largest intersection over union with `box`
 *
 * Take the box that the detector itself reported. Which candidate is nearest is decided by the scores at hand and not differentiated;
 * pytorch-grad-cam's `FasterRCNNBoxScoreTarget` adds the overlap itself to the score.
 * @throws OptionError for a box without area or an option that cannot be meant, and when used with scores of which no candidate reaches
 * the overlap; ShapeError for scores that do not make such a table
 * @example boxScore(16, [120, 40, 300, 220], { candidates: 8400, layout: 'columns' })
 */
export function boxScore(
  classIndex: number,
  box: Box,
  { candidates, layout = 'rows', format = 'centre', scoresAt = 4, overlap = 0.5 }: BoxScoreOptions,
): Target {
  const where = 'boxScore';
  for (const [name, value, least] of [
    ['class index', classIndex, 0],
    ['count of candidates', candidates, 1],
    ['scoresAt', scoresAt, 4],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new OptionError(`${where}: expected an integer ${name} ≥ ${least}; received ${value}.`);
    }
  }
  if (!(area(box) > 0 && Number.isFinite(area(box)))) {
    throw new OptionError(
      `${where}: expected a box [left, top, right, bottom] with an area; received [${box}].`,
    );
  }
  if (!(overlap >= 0 && overlap <= 1)) {
    throw new OptionError(`${where}: expected an overlap from 0 to 1; received ${overlap}.`);
  }
  /** Position in the scores of the class's score of the nearest candidate. */
  const nearest = (scores: ArrayLike<number>): number => {
    const values = scores.length / candidates;
    if (!Number.isInteger(values) || values <= scoresAt + classIndex) {
      throw new ShapeError(
        `${where}: expected ${candidates} candidates with more than ${scoresAt + classIndex} values each; received ${scores.length} numbers.`,
      );
    }
    const position = (candidate: number, value: number): number =>
      layout === 'rows' ? candidate * values + value : value * candidates + candidate;
    let best = { overlap: Number.NEGATIVE_INFINITY, candidate: 0 };
    for (let candidate = 0; candidate < candidates; candidate++) {
      const [a, b, c, d] = [0, 1, 2, 3].map((value) => scores[position(candidate, value)]!) as [
        number,
        number,
        number,
        number,
      ];
      const found: Box = format === 'corners' ? [a, b, c, d] : [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
      const shared = intersectionOverUnion(found, box);
      if (shared > best.overlap) best = { overlap: shared, candidate };
    }
    if (!(best.overlap >= overlap)) {
      throw new OptionError(
        `${where}: expected a candidate with an overlap of ${overlap} or more; the nearest has ${best.overlap.toFixed(3)}. ` +
          'Take a box that the detector reported, in the units of its output.',
      );
    }
    return position(best.candidate, scoresAt + classIndex);
  };
  return {
    description: `boxScore(${classIndex}, [${box.join(', ')}])`,
    // The scores are of candidates: no single one of them is the class's.
    classIndex: undefined,
    linear: true,
    value: (scores) => scores[nearest(scores)]!,
    gradient(scores) {
      const gradient = new Float64Array(scores.length);
      gradient[nearest(scores)] = 1;
      return gradient;
    },
  };
}

function area([left, top, right, bottom]: Box): number {
  return Math.max(right - left, 0) * Math.max(bottom - top, 0);
}

function intersectionOverUnion(a: Box, b: Box): number {
  const shared = area([
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]);
  return shared / (area(a) + area(b) - shared);
}
