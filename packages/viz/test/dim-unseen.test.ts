import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { filledImage, grey, overlay } from '../src/index.ts';
import { mapFrom } from './fixture.ts';

const photo = filledImage(8, 4, [200, 100, 40]);
const map = mapFrom(Array.from({ length: 4 }, () => [0, 0, 0, 1, 1, 0, 0, 0]));
const seen = { left: 2, top: 0, width: 4, height: 4 };
const pixel = (image: { data: ArrayLike<number> }, x: number): number[] =>
  [0, 1, 2, 3].map((c) => image.data[4 * (8 + x) + c]!);

describe('overlay with seen', () => {
  const drawn = overlay(photo, map, { colormap: grey, seen });

  it('mixes colours inside only, as without seen', () => {
    expect(pixel(drawn, 3)).toEqual(pixel(overlay(photo, map, { colormap: grey }), 3));
  });

  it('greys and darkens what the network did not see, without colours of the map', () => {
    const [red, green, blue] = pixel(drawn, 7) as [number, number, number, number];
    expect(red).toBeLessThan(200);
    expect(red - blue).toBeLessThan((200 - 40) / 2);
    expect(green).toBeGreaterThan(20);
    const other = mapFrom(Array.from({ length: 4 }, () => [1, 1, 1, 1, 0, 0, 1, 1]));
    expect(pixel(overlay(photo, other, { colormap: grey, seen }), 7)).toEqual(pixel(drawn, 7));
  });

  it('draws a hairline just outside the border', () => {
    expect(pixel(drawn, 1)[0]).toBeGreaterThan(pixel(drawn, 0)[0]! + 50);
  });

  it('changes nothing where everything was seen', () => {
    const whole = { left: 0, top: 0, width: 8, height: 4 };
    expect(overlay(photo, map, { seen: whole })).toEqual(overlay(photo, map));
  });

  it('refuses rectangles that leave the picture or cut pixels', () => {
    for (const wrong of [
      { ...seen, left: 6 },
      { ...seen, width: 0 },
      { ...seen, top: 0.5 },
    ]) {
      expect(() => overlay(photo, map, { seen: wrong })).toThrow(OptionError);
    }
  });
});
