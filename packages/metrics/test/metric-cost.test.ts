import { type pack, view } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import {
  areaBetweenPerturbationCurves,
  type CurvePreset,
  createImageCache,
  curve,
  metricCost,
  metricFacts,
} from '../src/index.ts';

describe('metricCost', () => {
  it.each<[CurvePreset, number]>([
    ['rise', 27],
    ['rise-full', 223],
    ['torchcam', 19],
  ])('%s: every point of a curve but its ends', (preset, forwards) => {
    expect(metricCost('insertion', preset).forwards).toBe(forwards);
    expect(metricCost('deletion', preset).forwards).toBe(forwards);
    expect(metricCost('abpc', preset).forwards).toBe(2 * forwards);
    expect(metricCost('road', preset)).toBe(metricFacts.road.cost);
  });

  it('is what the facts say of the default, and what curves really spend', async () => {
    for (const metric of ['insertion', 'deletion', 'abpc'] as const)
      expect(metricCost(metric)).toEqual(metricFacts[metric].cost);
    let spent = 0;
    const subject = {
      scoreKind: 'logit' as const,
      async score(batch: Parameters<typeof pack>[0]) {
        spent += batch.shape[0]!;
        return view(new Float32Array(batch.shape[0]!).fill(1), [batch.shape[0]!, 1]);
      },
    };
    const input = view(new Float32Array(36).fill(1), [1, 6, 6]);
    const map = view(
      Float32Array.from({ length: 36 }, (_, i) => i),
      [6, 6],
    );
    const protocol = {
      grid: { steps: 7 },
      insertionBaseline: 'zero',
      deletionBaseline: 'zero',
      areaWeighting: 'uniform',
    } as const;
    await curve(subject, input, 0, map, { mode: 'insertion', protocol });
    expect(spent - 2).toBe(metricCost('insertion', protocol, 36).forwards);
    spent = 0;
    await areaBetweenPerturbationCurves(subject, input, 0, map, { protocol, cache: createImageCache() });
    expect(spent - 2).toBe(metricCost('abpc', protocol, 36).forwards);
  });
});
