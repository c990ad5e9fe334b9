import { describe, expect, it } from 'vitest';
import { backgroundIndependence, cleverHans, createImageCache, intervention } from '../../src/index.ts';
import { linearSubject, map } from '../toy-subject.ts';

describe('intervention', () => {
  const weights = [5, 1, 0, 0];
  const input = map([1, 1, 1, 1], [1, 2, 2]);
  const part = (index: number) => ({
    name: `part ${index}`,
    evidence: map(
      [0, 1, 2, 3].map((i) => (i === index ? 1 : 0)),
      [2, 2],
    ),
    without: map(
      [0, 1, 2, 3].map((i) => (i === index ? 0 : 1)),
      [1, 2, 2],
    ),
  });

  it('agrees when mass lies on the parts whose removal matters', async () => {
    const result = await intervention(linearSubject(weights), input, 0, map([4, 2, 1, 0], [2, 2]), [
      part(0),
      part(1),
      part(2),
    ]);
    expect(result.parts.map((p) => p.importance)).toEqual([5, 1, 0]);
    expect(result.parts[0]!.density).toBeCloseTo(4 / 7 / 0.25, 12);
    expect(result.agreement).toBeCloseTo(1, 12);
  });

  it('shares the score of a part through the cache, whatever its place among the parts', async () => {
    const cache = createImageCache();
    const subject = linearSubject(weights);
    const parts = [part(0), part(1), part(2)];
    const importances = async (asked: typeof parts) => {
      const result = await intervention(subject, input, 0, map([4, 2, 1, 0], [2, 2]), asked, { cache });
      return result.parts.map(({ name, importance }) => [name, importance]);
    };
    await importances(parts);
    const { forwards } = subject;
    expect(await importances(parts.toReversed())).toEqual([
      ['part 2', 0],
      ['part 1', 1],
      ['part 0', 5],
    ]);
    expect(await importances([parts[1]!])).toEqual([['part 1', 1]]);
    expect(subject.forwards).toBe(forwards);
  });
});

describe('backgroundIndependence', () => {
  it('is the share of backgrounds that leave the prediction alone', async () => {
    const subject = linearSubject([1, 1, 1, 1]);
    const swapped = [map([1, 1, 1, 0], [1, 2, 2]), map([-9, 1, 1, 1], [1, 2, 2])];
    expect(await backgroundIndependence(subject, map([1, 1, 1, 1], [1, 2, 2]), swapped)).toBe(0.5);
  });
});

describe('cleverHans', () => {
  const scenes = Array.from({ length: 30 }, (_, i) => 0.02 * Math.sin(i));

  it('detects a mark that is used, not one that merely attracts the map', () => {
    const used = cleverHans({
      confoundedWithMark: scenes.map((s) => 0.5 + s),
      confoundedWithoutMark: scenes.map(() => 0.1),
      balancedWithMark: scenes.map(() => 0.2),
      balancedWithoutMark: scenes.map((s) => 0.1 + s),
    });
    expect(used.differenceInDifferences).toBeCloseTo(0.3, 2);
    expect(used.detected).toBe(true);
    const attracted = cleverHans({
      confoundedWithMark: scenes.map((s) => 0.5 + s),
      confoundedWithoutMark: scenes.map(() => 0.1),
      balancedWithMark: scenes.map((s) => 0.5 - s),
      balancedWithoutMark: scenes.map(() => 0.1),
    });
    expect(attracted.detected).toBe(false);
  });
});
