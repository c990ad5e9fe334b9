import { statusSentences, view } from '@hybridcam/core';
import { describe, expect, test } from 'vitest';
import { describeMap, place } from '../src/text/describe-map.ts';

describe('describeMap', () => {
  test('says where the peak is and how much lies in a fifth of the area', () => {
    // 5 cells: the strongest one is a fifth of the area and holds 6 of 10.
    const map = view(Float32Array.of(6, 1, 1, 1, 1), [1, 5]);
    expect(describeMap(map, 'ok')).toBe('Evidence peaks on the left; 60 % of it in 20 % of the area.');
  });

  test('counts the last cell in part', () => {
    // A fifth of 4 cells is 0.8 of the strongest.
    const map = view(Float32Array.of(1, 0, 0, 0), [2, 2]);
    expect(describeMap(map, 'ok')).toBe('Evidence peaks upper left; 80 % of it in 20 % of the area.');
  });

  test('a map that says nothing is told why', () => {
    expect(describeMap(view(new Float32Array(4), [2, 2]), 'zero-gradient')).toBe(
      statusSentences['zero-gradient'],
    );
  });
});

test.each([
  [0.1, 0.1, 'upper left'],
  [0.1, 0.5, 'at the top'],
  [0.5, 0.5, 'in the centre'],
  [0.5, 0.9, 'on the right'],
  [0.9, 0.5, 'at the bottom'],
  [0.9, 0.9, 'lower right'],
])('place(%d, %d) is %s', (row, column, words) => {
  expect(place(row, column)).toBe(words);
});
