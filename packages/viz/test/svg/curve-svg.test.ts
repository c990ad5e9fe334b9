import { NonFiniteError, OptionError, ShapeError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { curveSvg, escapeXml } from '../../src/index.ts';

const hybrid = { name: 'hybrid', x: [0, 0.5, 1], y: [0, 0.4, 0.9], low: [0, 0.3, 0.8], high: [0.1, 0.5, 1] };
const random = { name: 'random', x: [0, 1], y: [0.1, 0.2], dashed: true };

describe('curveSvg', () => {
  const svg = curveSvg([hybrid, random], {
    title: 'Insertion',
    xLabel: 'fraction',
    yLabel: 'probability',
    yRange: [0, 1],
  });

  it('draws one line per curve, a band where there is one, and dashes where asked', () => {
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg.match(/<polygon/g)).toHaveLength(1);
    expect(svg).toMatch(/<polyline[^>]*stroke-dasharray/);
  });

  it('places points linearly: the middle of x lies between its ends, y = 0 on the axis', () => {
    const points = /<polyline points="([^"]+)"/
      .exec(svg)![1]!
      .split(' ')
      .map((pair) => pair.split(',').map(Number));
    expect(points[1]![0]).toBeCloseTo((points[0]![0]! + points[2]![0]!) / 2, 1);
    const axis = Number(/<path class="hc-a" d="M[\d.]+ ([\d.]+)H/.exec(svg)![1]);
    expect(points[0]![1]).toBe(axis);
    expect((axis - points[1]![1]!) / (axis - points[2]![1]!)).toBeCloseTo(0.4 / 0.9, 2);
  });

  it('names axes and curves and labels round numbers', () => {
    for (const text of ['Insertion', 'fraction', 'probability', 'hybrid', 'random', '0.2', '1']) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('escapes every text', () => {
    const nasty = '</text><script>alert("x")</script>&';
    const hostile = curveSvg([{ ...hybrid, name: nasty }], { title: nasty, xLabel: nasty, yLabel: nasty });
    expect(hostile).not.toContain('<script');
    expect(hostile.match(/&lt;script&gt;/g)!.length).toBeGreaterThanOrEqual(5);
  });

  it('follows light and dark by CSS variables, and is balanced XML', () => {
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).toMatch(/var\(--hc-1,#0072b2\)/);
    const open: string[] = [];
    for (const [, closing, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (closing) expect(open.pop()).toBe(name);
      else if (!self) open.push(name!);
    }
    expect(open).toEqual([]);
  });

  it('keeps the colour that a line asks for, in line, band and legend alike', () => {
    const third = curveSvg([{ ...hybrid, series: 2 }]);
    expect(third.match(/var\(--hc-3,#009e73\)/g)).toHaveLength(3);
    expect(third).not.toContain('--hc-1');
    expect(() => curveSvg([{ ...hybrid, series: -1 }])).toThrow(OptionError);
  });

  it('refuses no curves, unequal lengths, half a band, NaN and falling ranges', () => {
    expect(() => curveSvg([])).toThrow(OptionError);
    expect(() => curveSvg([{ name: 'a', x: [0, 1], y: [0] }])).toThrow(ShapeError);
    expect(() => curveSvg([{ name: 'a', x: [0, 1], y: [0, 1], low: [0, 0] }])).toThrow(ShapeError);
    expect(() => curveSvg([{ name: 'a', x: [0, 1], y: [0, Number.NaN] }])).toThrow(NonFiniteError);
    expect(() => curveSvg([random], { yRange: [1, 0] })).toThrow(OptionError);
    expect(() => curveSvg([random], { width: 60 })).toThrow(OptionError);
  });

  it('draws a constant curve', () => {
    expect(curveSvg([{ name: 'flat', x: [0, 1], y: [0.3, 0.3] }])).not.toMatch(/NaN|Infinity/);
  });
});

describe('escapeXml', () => {
  it('escapes the five characters and replaces what XML forbids', () => {
    expect(escapeXml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
    expect(escapeXml('\u0000\u001b\ud800x\ufffe🐈\n')).toBe('\ufffd\ufffd\ufffdx\ufffd🐈\n');
  });
});
