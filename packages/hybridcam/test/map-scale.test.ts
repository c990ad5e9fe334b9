import { diverging, inferno } from '@hybridcam/viz';
import { describe, expect, it } from 'vitest';
import { rawScale, sharedScale } from '../src/map-scale.ts';

describe('rawScale', () => {
  const facts = { target: { description: 'logit(281)' } } as Parameters<typeof rawScale>[3];
  it('names the unit of the values, or that they have none', () => {
    expect(rawScale(inferno, [0, 3.5], { unit: 'score' }, facts)).toEqual({
      colormap: inferno,
      low: 0,
      high: 3.5,
      title: 'evidence (in units of logit(281))',
    });
    expect(rawScale(inferno, [0, 1], { unit: 'relative' }, facts).title).toBe(
      'evidence (relative, without a unit)',
    );
  });
});

describe('sharedScale', () => {
  it.each([
    ['max', "share of each map's maximum"],
    ['minmax', "share of each map's range, from its minimum"],
    ['none', "share of each map's range, from 0 or its minimum"],
  ] as const)('of maps normalised by %s: %s', (normalize, title) => {
    expect(sharedScale(inferno, normalize)).toEqual({ colormap: inferno, low: 0, high: 1, title });
  });
  it('of a diverging colour map lies around zero', () => {
    expect(sharedScale(diverging, 'none')).toMatchObject({ low: -1, high: 1 });
  });
});
