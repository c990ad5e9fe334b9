import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
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

  it('regionMean refuses empty regions and scores of another size', () => {
    expect(() => regionMean(0, [0, 0])).toThrow(OptionError);
    expect(() => regionMean(-1, [1])).toThrow(OptionError);
    expect(() => regionMean(0, [1, 1]).value([1, 2, 3], 'logit')).toThrow(ShapeError);
    expect(() => regionMean(2, [1, 1]).gradient([1, 2, 3, 4], 'logit')).toThrow(ShapeError);
  });
});
