import { LimitError, OptionError, ShapeError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { alphaSheet, filledImage, type RgbaImage, resultSheet, sheet, viridis } from '../src/index.ts';
import { difference, imageOf, mapOf, type PackedArray, readFixture } from './fixture.ts';

const { cases } = readFixture<{ cases: Record<string, PackedArray>[] }>('notebook-pictures.json');
const red = filledImage(32, 16, [220, 20, 30]);
const blue = filledImage(16, 32, [20, 20, 230]);

/** The smallest rectangle around all pixels of a colour. */
function find(
  { data, width }: RgbaImage,
  [r, g, b]: readonly number[],
): { left: number; top: number; width: number; height: number } | undefined {
  let box: { left: number; top: number; right: number; bottom: number } | undefined;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] !== r || data[i + 1] !== g || data[i + 2] !== b) continue;
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    box ??= { left: x, top: y, right: x, bottom: y };
    box = { left: Math.min(box.left, x), top: box.top, right: Math.max(box.right, x), bottom: y };
  }
  return (
    box && { left: box.left, top: box.top, width: box.right - box.left + 1, height: box.bottom - box.top + 1 }
  );
}

function crop(image: RgbaImage, left: number, top: number, width: number, height: number): RgbaImage {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = 4 * ((top + y) * image.width + left);
    data.set(image.data.subarray(from, from + 4 * width), 4 * y * width);
  }
  return { data, width, height };
}

describe('sheet', () => {
  it('fits pictures into cells of one size, keeps their shape and centres them', () => {
    const page = sheet([[{ image: red }, { image: blue }]], { cellSize: 64 });
    const first = find(page, [220, 20, 30])!;
    const second = find(page, [20, 20, 230])!;
    expect([first.width, first.height]).toEqual([64, 32]);
    expect([second.width, second.height]).toEqual([32, 64]);
    expect(first.top + first.height / 2).toBe(second.top + second.height / 2);
    expect(page.width - (second.left + second.width)).toBeGreaterThan(first.left);
  });

  it('leaves a missing cell empty and keeps columns aligned', () => {
    const page = sheet(
      [
        [undefined, { image: red }],
        [{ image: blue }, { image: red }],
      ],
      { cellSize: 64 },
    );
    const both = find(page, [220, 20, 30])!;
    expect(both.width).toBe(64);
    expect(find(page, [20, 20, 230])!.left).toBeLessThan(both.left);
  });

  it('grows by what is asked for: title, labels, caption, legend', () => {
    const bare = sheet([[{ image: red }]], { cellSize: 200 });
    for (const more of [
      { title: 'title' },
      { columnLabels: ['a'] },
      { caption: 'text' },
      { legend: { colormap: viridis, low: 0, high: 1 } },
    ]) {
      expect(sheet([[{ image: red }]], { cellSize: 200, ...more }).height).toBeGreaterThan(bare.height);
    }
    expect(sheet([[{ image: red }]], { cellSize: 200, rowLabels: ['tabby'] }).width).toBeGreaterThan(
      bare.width,
    );
  });

  it('explains framed code points, and only when there are some', () => {
    const latin = sheet([[{ image: red }]], { columnLabels: ['cat'] });
    const cyrillic = sheet([[{ image: red }]], { columnLabels: ['кот'] });
    const han = sheet([[{ image: red }]], { columnLabels: ['猫'] });
    expect(cyrillic.height).toBe(latin.height);
    expect(han.height).toBeGreaterThan(latin.height);
  });

  it('never lets a long label widen a column or leave the page', () => {
    const long = 'an extraordinarily_long/label.that-never.ends '.repeat(20);
    const page = sheet([[{ image: red, title: long }]], {
      title: long,
      caption: long,
      columnLabels: [long],
      cellSize: 120,
    });
    expect(page.width).toBe(sheet([[{ image: red }]], { cellSize: 120 }).width);
    const white = (x: number): boolean => {
      for (let y = 0; y < page.height; y++) if (page.data[4 * (y * page.width + x)]! < 250) return false;
      return true;
    };
    for (const x of [0, 3, 6, page.width - 7, page.width - 4, page.width - 1]) expect(white(x)).toBe(true);
  });

  it('refuses sheets without pictures, wrong numbers of labels, broken pictures and giant pages', () => {
    expect(() => sheet([])).toThrow(OptionError);
    expect(() => sheet([[undefined]])).toThrow(OptionError);
    expect(() => sheet([[{ image: red }]], { rowLabels: ['a', 'b'] })).toThrow(OptionError);
    expect(() => sheet([[{ image: red }]], { cellSize: 4 })).toThrow(OptionError);
    expect(() => sheet([[{ image: { ...red, width: 33 } }]])).toThrow(ShapeError);
    expect(() => sheet([[{ image: blue }]], { cellSize: 20_000 })).toThrow(LimitError);
  });
});

describe('resultSheet', () => {
  it('puts pictures over their overlays, 2 × N', () => {
    const page = resultSheet(
      [
        { image: red, overlay: blue, overlayTitle: 'tabby' },
        { image: red, overlay: blue },
      ],
      { cellSize: 64 },
    );
    const originals = find(page, [220, 20, 30])!;
    const overlays = find(page, [20, 20, 230])!;
    expect(originals.height).toBe(32);
    expect(overlays.top).toBeGreaterThan(originals.top + originals.height);
    expect(originals.width).toBeGreaterThan(2 * 64);
  });
});

describe('alphaSheet', () => {
  it("holds the reference's panels pixel by pixel, in the order of alpha", () => {
    const panels = cases.map((made, i) => ({ alpha: i, map: mapOf(made['resized']!) }));
    // Each map in a sheet of its own size, so that nothing is resampled.
    cases.forEach((made, i) => {
      const panel = imageOf(made['panel']!);
      const page = alphaSheet([panels[i]!], { cellSize: Math.max(panel.width, panel.height) });
      const found = Array.from({ length: page.height - panel.height }, (_, top) => top).some((top) => {
        const left = Math.floor((page.width - panel.width) / 2);
        return [left, left + 1].some(
          (x) => difference(crop(page, x, top, panel.width, panel.height), panel).pixels === 0,
        );
      });
      expect(found).toBe(true);
    });
  });

  it('warns that panels of their own range do not compare, and does not when they share one', () => {
    const panel = { alpha: 0.5, map: mapOf(cases[0]!['resized']!) };
    expect(alphaSheet([panel]).height).toBeGreaterThan(alphaSheet([panel], { range: 'unit' }).height);
  });

  it('refuses alpha outside [0, 1]', () => {
    expect(() => alphaSheet([{ alpha: 1.2, map: mapOf(cases[0]!['resized']!) }])).toThrow(OptionError);
  });
});
