import { describe, expect, it } from 'vitest';
import { argmax, ClassNotFoundError, resolveClass, toProbabilities, topClasses } from '../../src/index.ts';

const scores = [1, 5, 5, 0];
const labels = ['crane', 'Cat', 'dog', 'crane'];

describe('resolveClass', () => {
  it('resolveClass takes an index, an index in digits, a rank and a label', () => {
    expect(resolveClass(3, scores)).toBe(3);
    expect(resolveClass('3', scores)).toBe(3);
    expect(resolveClass('top1', scores)).toBe(1);
    expect(resolveClass('top2', scores)).toBe(2);
    expect(resolveClass('dog', scores, labels)).toBe(2);
    expect(resolveClass('cat', scores, labels)).toBe(1);
  });

  it('resolveClass refuses what names no class, or two', () => {
    expect(() => resolveClass(4, scores)).toThrow(ClassNotFoundError);
    expect(() => resolveClass('top0', scores)).toThrow(/top1 to top4; received top0/);
    expect(() => resolveClass('top5', scores)).toThrow(ClassNotFoundError);
    expect(() => resolveClass('dgo', scores, labels)).toThrow(/Did you mean "dog"/);
    expect(() => resolveClass('crane', scores, labels)).toThrow(/classes 0, 3. Give the index/);
    expect(() => resolveClass('dog', scores)).toThrow(/no labels/);
  });
});

describe('scores', () => {
  it('argmax and topClasses take the first of equals', () => {
    expect(argmax(scores)).toBe(1);
    expect(topClasses(scores, 3)).toEqual([1, 2, 0]);
    expect(topClasses(scores, 9).length).toBe(4);
  });

  it('toProbabilities sums to 1 and survives large logits', () => {
    expect(Array.from(toProbabilities([1000, 1000]))).toEqual([0.5, 0.5]);
    expect(Array.from(toProbabilities([0]))).toEqual([0.5]);
  });
});
