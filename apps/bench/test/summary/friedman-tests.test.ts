import { friedman } from '@hybridcam/metrics';
import { describe, expect, it } from 'vitest';
import { friedmanTests } from '../../src/summary/friedman-tests.ts';
import { toyRecords } from '../toy-records.ts';

describe('friedmanTests', () => {
  it('ranks the methods on the images that all have, without the controls', () => {
    const [a, b, c] = [
      [0.1, 0.2, 0.3, 1],
      [0.2, 0.3, 0.2, null],
      [0.4, 0.5, 0.6, 2],
    ] as const;
    const records = [
      ...toyRecords('a', a),
      ...toyRecords('b', b),
      ...toyRecords('c', c),
      ...toyRecords('random', [9, 9, 9, 9]),
    ];
    const rows = [0, 1, 2].map((image) => [a[image]!, b[image]!, c[image]!]);
    expect(friedmanTests(records).get('insertion|rise')).toEqual({
      ...friedman(rows),
      images: 3,
      methods: 3,
    });
  });

  it('has nothing to say of two methods', () => {
    expect(friedmanTests([...toyRecords('a', [1, 2]), ...toyRecords('b', [2, 1])]).size).toBe(0);
  });
});
