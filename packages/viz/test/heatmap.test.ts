import { NonFiniteError, OptionError, ShapeError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { diverging, grey, heatmap, jet, jetMatplotlib } from '../src/index.ts';
import { difference, imageOf, mapFrom, mapOf, type PackedArray, readFixture } from './fixture.ts';

const { cases } = readFixture<{ cases: Record<string, PackedArray>[] }>('notebook-pictures.json');

describe('heatmap', () => {
  it('gives one opaque pixel per cell', () => {
    const picture = heatmap(mapFrom([[0, 1, 0.5]]), { colormap: grey });
    expect([picture.width, picture.height]).toEqual([3, 1]);
    expect([...picture.data]).toEqual([0, 0, 0, 255, 255, 255, 255, 255, 128, 128, 128, 255]);
  });

  it.each(cases)("equals the reference's heatmap file (plt.imsave of the map, jet)", (made) => {
    const options = { colormap: jetMatplotlib, range: 'minmax' } as const;
    expect(difference(heatmap(mapOf(made['cam']!), options), imageOf(made['heatmapFile']!))).toEqual({
      pixels: 0,
      levels: 0,
    });
  });

  it.each(cases)('equals plt.imsave of a raw, unnormalised map', (made) => {
    const cam = mapOf(made['cam']!);
    const raw = {
      ...cam,
      data: Float32Array.from(cam.data, (v) =>
        Math.fround(Math.fround(v * Math.fround(37.3)) - Math.fround(4.1)),
      ),
    };
    const options = { colormap: jetMatplotlib, range: 'minmax' } as const;
    expect(difference(heatmap(raw, options), imageOf(made['rawHeatmapFile']!))).toEqual({
      pixels: 0,
      levels: 0,
    });
  });

  it.each(cases)("equals a panel of the reference's α figure", (made) => {
    const options = { colormap: jetMatplotlib, range: 'minmax' } as const;
    expect(difference(heatmap(mapOf(made['resized']!), options), imageOf(made['panel']!))).toEqual({
      pixels: 0,
      levels: 0,
    });
  });

  it('reads maps of any strides', () => {
    const transposed = { data: Float32Array.of(0, 1, 0.25, 0.75), shape: [2, 2], stride: [1, 2], offset: 0 };
    expect(heatmap(transposed)).toEqual(
      heatmap(
        mapFrom([
          [0, 0.25],
          [1, 0.75],
        ]),
      ),
    );
  });

  it('gives zero the neutral colour of a diverging colour map, whatever the extremes', () => {
    const neutral = [...diverging.table.subarray(3 * 128, 3 * 129)];
    const picture = heatmap(mapFrom([[-3, 0, 10]]), { colormap: diverging });
    expect([...picture.data.subarray(4, 7)]).toEqual(neutral);
    expect([...heatmap(mapFrom([[0, 0]]), { colormap: diverging }).data.subarray(0, 3)]).toEqual(neutral);
  });

  it('takes the quantisation asked for over the colour map’s own', () => {
    const map = mapFrom([[0.5]]);
    expect(heatmap(map, { colormap: grey }).data[0]).toBe(128);
    expect(heatmap(map, { colormap: grey, quantize: 'truncate-255' }).data[0]).toBe(127);
    expect(jet.quantize).toBe('truncate-255');
  });

  it('refuses values outside [0, 1] instead of clipping them silently', () => {
    expect(() => heatmap(mapFrom([[0, 2]]))).toThrow(OptionError);
    expect(() => heatmap(mapFrom([[0, 2]]))).toThrow(/heatmap: expected values in \[0, 1\].*received 0 to 2/);
    expect(heatmap(mapFrom([[0, 2, 5]]), { range: [0, 2], colormap: grey }).data[8]).toBe(255);
  });

  it('refuses NaN with its place, wrong ranks and unordered ranges', () => {
    expect(() =>
      heatmap(
        mapFrom([
          [0, 1],
          [Number.NaN, 0],
        ]),
      ),
    ).toThrow(NonFiniteError);
    expect(() =>
      heatmap(
        mapFrom([
          [0, 1],
          [Number.NaN, 0],
        ]),
      ),
    ).toThrow(/1 of 4 .*NaN.* row 1, column 0/);
    expect(() =>
      heatmap({ data: new Float32Array(8), shape: [2, 2, 2], stride: [4, 2, 1], offset: 0 }),
    ).toThrow(ShapeError);
    expect(() => heatmap(mapFrom([[0, 1]]), { range: [1, 0] })).toThrow(OptionError);
  });
});
