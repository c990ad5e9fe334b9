import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { fuseLayers, OptionError, ShapeError, view } from '../../src/index.ts';

const row = (...values: number[]) => view(Float32Array.from(values), [1, values.length]);

describe('fuseLayers', () => {
  it('fuseLayers(maps, fusion) takes the mean, maximum or product of each cell', () => {
    const maps = [row(0, 0.5), row(1, 0.25), row(0.5, 0.75)];
    expectClose(fuseLayers(maps, 'mean'), [[0.5, 0.5]]);
    expectClose(fuseLayers(maps, 'max'), [[1, 0.75]]);
    expectClose(fuseLayers(maps, 'product'), [[0, 0.09375]]);
  });

  it('fuseLayers of one map is that map', () => {
    for (const fusion of ['mean', 'max', 'product'] as const)
      expectClose(fuseLayers([row(1, 2)], fusion), [[1, 2]]);
  });

  it('fuseLayers refuses maps of different sizes, none, and another name', () => {
    expect(() => fuseLayers([row(1), row(1, 2)], 'mean')).toThrow(ShapeError);
    expect(() => fuseLayers([], 'mean')).toThrow(OptionError);
    expect(() => fuseLayers([row(1)], 'sum' as never)).toThrow(OptionError);
  });
});
