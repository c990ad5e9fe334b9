import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { grey, legend, legendSvg, viridis } from '../src/index.ts';

const scale = { colormap: viridis, low: -1.5, high: 17.94, title: 'evidence (logits)' };

describe('legend', () => {
  it('shows every colour in order from left to right', () => {
    const bar = legend({ ...scale, colormap: grey, title: '' }, { width: 260, fontSize: 10 });
    const row = Array.from({ length: 256 }, (_, x) => bar.data[4 * (8 * 260 + 2 + x)]!);
    expect(row.slice(1, 255)).toEqual(Array.from({ length: 254 }, (_, i) => i + 1));
  });

  it('has the width asked for, and a darker page in the dark theme', () => {
    expect(legend(scale, { width: 300 }).width).toBe(300);
    expect(legend(scale, { theme: 'dark' }).data[0]).toBeLessThan(60);
  });

  it('refuses ranges that do not rise and widths without room', () => {
    expect(() => legend({ ...scale, low: 18 })).toThrow(OptionError);
    expect(() => legend({ ...scale, high: Number.NaN })).toThrow(OptionError);
    expect(() => legend(scale, { width: 10 })).toThrow(OptionError);
  });
});

describe('legendSvg', () => {
  it('writes the raw ends of the range, round values between, and escaped text', () => {
    const svg = legendSvg({ ...scale, title: 'a < b & "c"' });
    expect(svg).toContain('>−1.5</text>');
    expect(svg).toContain('>17.9</text>');
    expect(svg).toContain('>5</text>');
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(svg).toContain('#440154');
    expect(svg).toContain('#fde724');
  });

  it('refuses ranges that do not rise', () => {
    expect(() => legendSvg({ ...scale, high: -2 })).toThrow(OptionError);
  });
});
