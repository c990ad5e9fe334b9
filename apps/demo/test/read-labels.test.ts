import { describe, expect, test } from 'vitest';
import { readLabels } from '../src/worker/read-labels.ts';

describe('readLabels', () => {
  test.each([
    ['labels.txt', 'cat\ndog\n'],
    ['labels.txt', '\uFEFFcat\r\ndog'],
    ['labels.json', '["cat", "dog"]'],
    ['imagenet.json', '{"0": ["n01", "cat"], "1": ["n02", "dog"]}'],
    ['id2label.json', '{"1": "dog", "0": "cat"}'],
  ])('reads %s', (name, text) => {
    expect(readLabels(text, name, 2)).toEqual({ labels: ['cat', 'dog'], problem: undefined });
  });

  test.each(['{', '"cat"', '{"1": "dog", "2": "cat"}', '{"cat": 0}', 'null'])('%s holds no list', (text) => {
    expect(readLabels(text, 'a.json', 2)).toEqual({
      labels: undefined,
      problem: 'a.json holds no list of names.',
    });
  });

  test('another count is a problem in words', () => {
    expect(readLabels('cat\n', 'a.txt', 2).problem).toBe(
      'a.txt holds 1 names, but the network has 2 classes.',
    );
  });
});
