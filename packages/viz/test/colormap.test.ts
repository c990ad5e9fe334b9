import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Colormap,
  colorIndex,
  diverging,
  grey,
  inferno,
  jet,
  jetMatplotlib,
  turbo,
  viridis,
} from '../src/index.ts';
import { readFixture } from './fixture.ts';

const made = readFixture<{ sha256: Record<string, string> }>('colormaps.json').sha256;
const entry = (map: Colormap, i: number): number[] => [...map.table.subarray(3 * i, 3 * i + 3)];

describe('colour maps', () => {
  it.each([jet, jetMatplotlib, viridis, inferno, turbo])(
    '$name has the bytes of OpenCV or matplotlib',
    (map) => {
      expect(map.table).toHaveLength(768);
      expect(createHash('sha256').update(map.table).digest('hex')).toBe(made[map.name]);
    },
  );

  it('grey is i, i, i (matplotlib truncates some of its greys to one level below)', () => {
    for (let i = 0; i < 256; i++) expect(entry(grey, i)).toEqual([i, i, i]);
  });

  it('jet has the anchors of cv2.COLORMAP_JET, its odd entry 159 included', () => {
    expect(entry(jet, 0)).toEqual([0, 0, 128]);
    expect(entry(jet, 96)).toEqual([2, 255, 254]);
    expect(entry(jet, 159)).toEqual([254, 255, 1]);
    expect(entry(jet, 255)).toEqual([128, 0, 0]);
  });

  it('diverging is neutral at zero and equally light at equal distance on both sides', () => {
    expect(entry(diverging, 127)).toEqual(entry(diverging, 128));
    for (let i = 0; i < 128; i++) {
      expect(
        Math.abs(lightness(entry(diverging, 127 - i)) - lightness(entry(diverging, 128 + i))),
      ).toBeLessThan(0.01);
    }
  });

  it.each([
    [
      'protanopia',
      [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    ],
    [
      'deuteranopia',
      [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    ],
    [
      'tritanopia',
      [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
    ],
  ] as const)('diverging keeps its signs apart with %s (Machado 2009, severity 1)', (_, matrix) => {
    const seen = (rgb: readonly number[]): number[] => {
      const linear = rgb.map(toLinear);
      return oklab(
        [0, 3, 6].map((row) => [0, 1, 2].reduce((sum, c) => sum + matrix[row + c]! * linear[c]!, 0)),
      );
    };
    for (let i = 16; i < 128; i++) {
      const [a, b] = [seen(entry(diverging, 127 - i)), seen(entry(diverging, 128 + i))];
      // 0.02 is about a just noticeable difference in OKLab.
      expect(Math.hypot(...a.map((value, c) => value - b[c]!)), `entry ${i}`).toBeGreaterThan(0.05);
    }
  });

  it('viridis, inferno, grey and each half of diverging change lightness in one direction only', () => {
    for (const map of [viridis, inferno, grey]) {
      for (let i = 1; i < 256; i++) {
        expect(lightness(entry(map, i)) - lightness(entry(map, i - 1))).toBeGreaterThan(-0.004);
      }
    }
    for (let i = 129; i < 256; i++) {
      expect(lightness(entry(diverging, i))).toBeLessThan(lightness(entry(diverging, i - 1)) + 0.001);
    }
  });
});

describe('colorIndex', () => {
  it('truncates 255·v for OpenCV and 256·v for matplotlib', () => {
    expect([0, 0.5, 0.999, 1].map((v) => colorIndex(v, 'truncate-255'))).toEqual([0, 127, 254, 255]);
    expect([0, 0.5, 0.999, 1].map((v) => colorIndex(v, 'floor-256'))).toEqual([0, 128, 255, 255]);
  });

  it('computes in float32, where 255·v may round up to the next entry', () => {
    const justBelow = 0.9960784316062927; // float32; 255·v is 254.0000000596 in float64 and 254 in float32
    expect(colorIndex(justBelow, 'truncate-255')).toBe(254);
    const third = Math.fround(85 / 255);
    expect(colorIndex(third, 'truncate-255')).toBe(Math.trunc(Math.fround(255 * third)));
  });

  it('clips what lies outside [0, 1]', () => {
    expect([-3, 7].map((v) => colorIndex(v, 'truncate-255'))).toEqual([0, 255]);
    expect([-3, 7].map((v) => colorIndex(v, 'floor-256'))).toEqual([0, 255]);
  });
});

function lightness(rgb: readonly number[]): number {
  return oklab(rgb.map(toLinear))[0]!;
}

function toLinear(byte: number): number {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** OKLab of linear sRGB. */
function oklab(linear: readonly number[]): number[] {
  const [r, g, b] = linear.map((value) => Math.max(0, value)) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}
