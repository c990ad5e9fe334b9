import { describe, expect, it } from 'vitest';
import { entropy, sparseness } from '../src/index.ts';
import { map } from './toy-subject.ts';

describe('sparseness and entropy', () => {
  it('have their closed forms for a constant and for a single pixel', () => {
    expect(sparseness(map([2, 2, 2, 2], [2, 2]))).toBe(0);
    expect(sparseness(map([0, 0, 9, 0], [2, 2]))).toBe(0.75);
    expect(entropy(map([2, 2, 2, 2], [2, 2]))).toBeCloseTo(1, 12);
    expect(entropy(map([0, 0, 9, 0], [2, 2]))).toBe(0);
  });

  it('are undefined for an all-zero map', () => {
    expect(sparseness(map([0, 0], [1, 2]))).toBeUndefined();
    expect(entropy(map([0, 0], [1, 2]))).toBeUndefined();
  });
});
