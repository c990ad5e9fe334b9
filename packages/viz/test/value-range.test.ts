import { NonFiniteError, OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { colorEnds, diverging, inferno } from '../src/index.ts';
import { mapFrom } from './fixture.ts';

describe('colorEnds', () => {
  it('says which values the two ends of the colours stand for', () => {
    const signed = mapFrom([[-3, 0, 2]]);
    expect(colorEnds(mapFrom([[0.25, 0.5]]))).toEqual([0, 1]);
    expect(colorEnds(signed, { range: 'minmax' })).toEqual([-3, 2]);
    expect(colorEnds(signed, { colormap: diverging })).toEqual([-3, 3]);
    expect(colorEnds(signed, { colormap: inferno, range: [-1, 4] })).toEqual([-1, 4]);
  });

  it('refuses what heatmap refuses', () => {
    expect(() => colorEnds(mapFrom([[0, 2]]))).toThrow(OptionError);
    expect(() => colorEnds(mapFrom([[0, 2]]), { range: [2, 1] })).toThrow(/in rising order/);
    expect(() => colorEnds(mapFrom([[0, Number.NaN]]), { range: 'minmax' })).toThrow(NonFiniteError);
  });
});
