import { NonFiniteError, OptionError, ShapeError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { diverging, filledImage, grey, heatmap, jet, overlay } from '../src/index.ts';
import { difference, imageOf, mapFrom, mapOf, type PackedArray, readFixture } from './fixture.ts';

const { cases } = readFixture<{ cases: Record<string, PackedArray>[] }>('notebook-pictures.json');
const photo = imageOf(cases[0]!['image']!);
const map = mapOf(cases[0]!['resized']!);

describe('overlay', () => {
  it('mixes colour and picture by opacity and truncates', () => {
    const picture = filledImage(2, 1, [10, 20, 31]);
    const mixed = overlay(picture, mapFrom([[1, 0]]), { colormap: grey, opacity: 0.5 });
    expect([...mixed.data]).toEqual([132, 137, 143, 255, 5, 10, 15, 255]);
  });

  it.each(cases)("equals the reference's visualize and imsave within one level", (made) => {
    const ours = overlay(imageOf(made['image']!), mapOf(made['resized']!), { colormap: jet });
    expect(difference(ours, imageOf(made['overlay']!)).levels).toBeLessThanOrEqual(1);
  });

  it('returns the picture at opacity 0 and the heatmap at opacity 1', () => {
    expect(overlay(photo, map, { opacity: 0 })).toEqual(photo);
    expect(overlay(photo, map, { opacity: 1 })).toEqual(heatmap(map));
  });

  it('keeps the picture’s transparency and does not write to it', () => {
    const picture = filledImage(2, 1, [10, 20, 30, 77]);
    expect(overlay(picture, mapFrom([[1, 0]])).data[3]).toBe(77);
    expect([...picture.data]).toEqual([10, 20, 30, 77, 10, 20, 30, 77]);
  });

  it('leaves the picture clear where there is no evidence when weighting by value', () => {
    const picture = filledImage(3, 1, [10, 20, 30]);
    const mixed = overlay(picture, mapFrom([[0, 0.5, 1]]), {
      weighting: 'value',
      opacity: 0.8,
      colormap: grey,
    });
    expect([...mixed.data.subarray(0, 3)]).toEqual([10, 20, 30]);
    expect(mixed.data[4]).toBe(Math.trunc(0.4 * 128 + 0.6 * 10));
    expect(mixed.data[8]).toBe(Math.trunc(0.8 * 255 + 0.2 * 10));
  });

  it('weights a signed map by its distance from zero', () => {
    const picture = filledImage(3, 1, [100, 100, 100]);
    const mixed = overlay(picture, mapFrom([[-2, 0, 2]]), { colormap: diverging, opacity: 1 });
    expect([...mixed.data.subarray(4, 7)]).toEqual([100, 100, 100]);
    expect([...mixed.data.subarray(0, 3)]).toEqual([...diverging.table.subarray(0, 3)]);
    expect([...mixed.data.subarray(8, 11)]).toEqual([...diverging.table.subarray(765, 768)]);
  });

  it('refuses maps of another size, NaN and opacities outside [0, 1]', () => {
    expect(() => overlay(photo, mapFrom([[1]]))).toThrow(ShapeError);
    expect(() => overlay(filledImage(1, 1, [0, 0, 0]), mapFrom([[Number.NaN]]))).toThrow(NonFiniteError);
    expect(() => overlay(photo, map, { opacity: 1.5 })).toThrow(OptionError);
    expect(() => overlay({ ...photo, data: photo.data.subarray(4) }, map)).toThrow(ShapeError);
  });
});
