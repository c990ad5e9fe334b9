import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { colormapNamed, colormapNames, jet } from '../src/index.ts';

describe('colormapNamed', () => {
  it('finds every name it lists, the default first', () => {
    expect(colormapNames[0]).toBe('viridis');
    for (const name of colormapNames) expect(colormapNamed(name).name).toBe(name);
    expect(colormapNamed('jet')).toBe(jet);
  });

  it('refuses other names with all there are and the nearest one', () => {
    expect(() => colormapNamed('jett')).toThrow(OptionError);
    expect(() => colormapNamed('jett')).toThrow(
      /expected one of viridis, .*received "jett"\. Did you mean "jet"/,
    );
  });
});
