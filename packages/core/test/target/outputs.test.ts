import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  boxScore,
  ClassNotFoundError,
  embeddingSimilarity,
  multiLabel,
  OptionError,
  regionMean,
  ShapeError,
  type Target,
} from '../../src/index.ts';

/** The gradient against central differences of the value. */
function expectGradient(target: Target, scores: readonly number[]): void {
  const step = 1e-5;
  const expected = scores.map((_, c) => {
    const at = (change: number) =>
      target.value(
        scores.map((score, i) => (i === c ? score + change : score)),
        'logit',
      );
    return (at(step) - at(-step)) / (2 * step);
  });
  expectClose(target.gradient(scores, 'logit'), expected, { absolute: 1e-9 });
}

describe('multiLabel', () => {
  it('multiLabel adds the scores of its classes, or weighs them', () => {
    expect(multiLabel([0, 2]).value([1, 10, 3], 'logit')).toBe(4);
    const weighted = multiLabel(
      new Map([
        [0, 2],
        [1, -0.5],
      ]),
    );
    expect(weighted.value([1, 10, 3], 'logit')).toBe(-3);
    expect(weighted.description).toBe('multiLabel(2·0 + -0.5·1)');
    expect(weighted.linear).toBe(true);
    expectGradient(weighted, [1, 10, 3]);
  });

  it('multiLabel refuses no classes, one twice, weights that are no numbers, and classes there are not', () => {
    expect(() => multiLabel([])).toThrow(OptionError);
    expect(() => multiLabel([1, 1])).toThrow(/each once; received 1,1/);
    expect(() => multiLabel(new Map([[0, Number.NaN]]))).toThrow(OptionError);
    expect(() => multiLabel([5]).value([1, 2], 'logit')).toThrow(ClassNotFoundError);
  });
});

describe('embeddingSimilarity', () => {
  it('embeddingSimilarity is the cosine, whatever the lengths', () => {
    const target = embeddingSimilarity([3, 4]);
    expectClose(target.value([30, 40], 'logit'), 1, { absolute: 1e-12 });
    expectClose(target.value([-4, 3], 'logit'), 0, { absolute: 1e-12 });
    expectClose(target.value([1, 0], 'logit'), 0.6, { absolute: 1e-12 });
    expectGradient(target, [1, 0.25]);
    expectClose(target.gradient([30, 40], 'logit'), [0, 0], { absolute: 1e-12 });
  });

  it('embeddingSimilarity of an output of zeros is 0 without a gradient', () => {
    const target = embeddingSimilarity([3, 4]);
    expect(target.value([0, 0], 'logit')).toBe(0);
    expectClose(target.gradient([0, 0], 'logit'), [0, 0]);
  });

  it('embeddingSimilarity refuses references without direction, and outputs of another length', () => {
    expect(() => embeddingSimilarity([0, 0])).toThrow(OptionError);
    expect(() => embeddingSimilarity([1, 2]).value([1, 2, 3], 'logit')).toThrow(ShapeError);
  });
});

describe('regionMean', () => {
  it('regionMean averages one class over the pixels of the region', () => {
    const target = regionMean(1, [true, false, true]);
    expect(target.value([9, 9, 9, 1, 5, 2], 'logit')).toBe(1.5);
    expect(target.description).toBe('regionMean(1, 2 of 3)');
    expectGradient(target, [9, 9, 9, 1, 5, 2]);
  });

  it('regionMean(…, { classAxis: last }) reads outputs whose classes come last', () => {
    const target = regionMean(1, [true, false, true], { classAxis: 'last' });
    expect(target.value([9, 1, 9, 5, 9, 2], 'logit')).toBe(1.5);
    expectGradient(target, [9, 1, 9, 5, 9, 2]);
    expect(() => regionMean(0, [1], { classAxis: 'middle' as never })).toThrow(OptionError);
  });

  it('regionMean refuses empty regions and scores of another size', () => {
    expect(() => regionMean(0, [0, 0])).toThrow(OptionError);
    expect(() => regionMean(-1, [1])).toThrow(OptionError);
    expect(() => regionMean(0, [1, 1]).value([1, 2, 3], 'logit')).toThrow(ShapeError);
    expect(() => regionMean(2, [1, 1]).gradient([1, 2, 3, 4], 'logit')).toThrow(ShapeError);
  });
});

describe('boxScore', () => {
  // Three candidates: centre x, y, width, height, two class scores.
  const rows = [
    [10, 10, 4, 4, 0.1, 0.2],
    [11, 10, 4, 4, 0.3, 0.4],
    [30, 30, 8, 8, 0.5, 0.6],
  ];
  const flat = rows.flat();
  const columns = [0, 1, 2, 3, 4, 5].flatMap((value) => rows.map((row) => row[value]!));

  it('boxScore is the class score of the candidate that overlaps the box most', () => {
    const target = boxScore(1, [9, 8, 13, 12], { candidates: 3 });
    expect(target.value(flat, 'logit')).toBe(0.4);
    expect(boxScore(0, [26, 26, 34, 34], { candidates: 3 }).value(flat, 'logit')).toBe(0.5);
    expectGradient(target, flat);
    expect(target.description).toBe('boxScore(1, [9, 8, 13, 12])');
  });

  it('boxScore reads columns, corners and scores behind more than a box', () => {
    expect(boxScore(1, [9, 8, 13, 12], { candidates: 3, layout: 'columns' }).value(columns, 'logit')).toBe(
      0.4,
    );
    const corners = [0, 0, 2, 2, 0.9, 7, 8];
    const options = { candidates: 1, format: 'corners', scoresAt: 5 } as const;
    expect(boxScore(1, [0, 0, 2, 2], options).value(corners, 'logit')).toBe(8);
  });

  it('boxScore refuses a box that no candidate reaches, with the nearest overlap', () => {
    const far = boxScore(0, [100, 100, 110, 110], { candidates: 3 });
    expect(() => far.value(flat, 'logit')).toThrow(/overlap of 0.5 or more; the nearest has 0.000/);
    // Shifted by half its width: 2·4 of 16 + 16 − 8.
    const half = [12, 8, 16, 12] as const;
    expect(() => boxScore(0, half, { candidates: 1 }).value(rows[0]!, 'logit')).toThrow(/nearest has 0.000/);
    const shifted = boxScore(0, [10, 8, 14, 12], { candidates: 1, overlap: 0.3 });
    expect(shifted.value(rows[0]!, 'logit')).toBe(0.1);
  });

  it('boxScore refuses boxes without area, options that cannot be meant and tables that do not fit', () => {
    expect(() => boxScore(0, [1, 1, 1, 2], { candidates: 1 })).toThrow(OptionError);
    expect(() => boxScore(0, [0, 0, Number.NaN, 2], { candidates: 1 })).toThrow(OptionError);
    expect(() => boxScore(-1, [0, 0, 1, 1], { candidates: 1 })).toThrow(OptionError);
    expect(() => boxScore(0, [0, 0, 1, 1], { candidates: 0 })).toThrow(OptionError);
    expect(() => boxScore(0, [0, 0, 1, 1], { candidates: 1, scoresAt: 3 })).toThrow(OptionError);
    expect(() => boxScore(0, [0, 0, 1, 1], { candidates: 1, overlap: 2 })).toThrow(OptionError);
    expect(() => boxScore(2, [8, 8, 12, 12], { candidates: 3 }).value(flat, 'logit')).toThrow(ShapeError);
    expect(() => boxScore(0, [8, 8, 12, 12], { candidates: 4 }).value(flat, 'logit')).toThrow(ShapeError);
  });
});
