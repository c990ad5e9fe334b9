import { describe, expect, it } from 'vitest';
import { averageDrop } from '../../src/index.ts';
import { linearSubject, map } from '../toy-subject.ts';

describe('averageDrop', () => {
  const input = map([0.1, 0.2, 0.3, 0.2], [1, 2, 2]);
  const subject = { ...linearSubject([1, 1, 1, 1]), scoreKind: 'probability' as const };

  it('is the share of the score lost under the map', async () => {
    const result = await averageDrop(subject, input, 0, map([0, 1, 1, 0], [2, 2]));
    expect(result.drop).toBeCloseTo((0.8 - 0.5) / 0.8, 6);
    expect(result.increase).toBe(0);
    expect(result.gain).toBe(0);
  });

  it('counts an increase and its gain when the masked score is higher', async () => {
    const harmful = { ...linearSubject([1, 1, 1, -1]), scoreKind: 'probability' as const };
    const result = await averageDrop(harmful, input, 0, map([1, 1, 1, 0], [2, 2]));
    expect(result.increase).toBe(1);
    expect(result.drop).toBe(0);
    expect(result.gain).toBeCloseTo(0.2 / 0.6, 6);
  });

  it('refuses a map outside [0, 1] and a score that is not positive', async () => {
    await expect(averageDrop(subject, input, 0, map([0, 1, 2, 0], [2, 2]))).rejects.toThrow('map in [0, 1]');
    await expect(averageDrop(subject, input, 1, map([0, 1, 1, 0], [2, 2]))).rejects.toThrow('positive score');
  });
});
