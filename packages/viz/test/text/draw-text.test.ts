import { describe, expect, it } from 'vitest';
import { drawText, filledImage, measureText, type RgbaImage, statusLabels } from '../../src/index.ts';
import { asciiGlyphs } from '../../src/text/ascii-glyphs.ts';
import { marks, moreGlyphs } from '../../src/text/more-glyphs.ts';
import { entryOf } from '../../src/text/rows.ts';
import { shapeAscii } from '../../src/text/shape-ascii.ts';
import { shapeText } from '../../src/text/shape-text.ts';

const ink = { size: 16, color: [0, 0, 0] } as const;
const page = (text: string, style: Parameters<typeof drawText>[4] = ink): RgbaImage => {
  const image = filledImage(400, 40, [255, 255, 255]);
  drawText(image, text, 10, 26, style);
  return image;
};
const darkness = ({ data }: RgbaImage): number => {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += 255 - data[i]!;
  return sum / 255;
};

describe('drawText', () => {
  it('draws all of ASCII, Latin-1, Greek and Cyrillic, each visible and none as a code point', () => {
    const characters = [
      ...range(0x21, 0x7e),
      ...range(0xa1, 0xff).filter((c) => c !== '\u00ad'),
      ...range(0x391, 0x3c9).filter((c) => c !== '\u03a2'),
      ...range(0x410, 0x451),
      ...'ÀčřşžőąęłœŒ“”„–—…•×÷−≤≥≈≠∞√∂∇→←↑↓↔€₂³½',
    ];
    for (const character of characters) {
      expect(shapeText(character).codePoints, character).toBe(false);
      expect(darkness(page(character)), character).toBeGreaterThan(1);
    }
  });

  it('draws every pair of different letters and figures differently', () => {
    const seen = new Map<string, string>();
    for (const character of [...range(0x30, 0x39), ...range(0x41, 0x5a), ...range(0x61, 0x7a)]) {
      const key = page(character).data.join();
      expect(seen.get(key), character).toBeUndefined();
      seen.set(key, character);
    }
  });

  it('stands on the baseline and reaches the capitals’ height', () => {
    const rows = (image: RgbaImage): number[] =>
      Array.from({ length: image.height }, (_, y) => y).filter((y) =>
        image.data.subarray(4 * y * 400, 4 * (y + 1) * 400).some((value, i) => i % 4 === 0 && value < 128),
      );
    const capital = rows(page('H'));
    expect(capital.at(-1)).toBe(25);
    expect(capital.length).toBe(Math.round(16 * 0.7 + 1.65 * 0.8));
    expect(rows(page('g')).at(-1)).toBeGreaterThan(27);
  });

  it('keeps to its measured width, with figures of one width', () => {
    for (const text of ['Grad-CAM', 'wwwww', 'iiii', 'Größe Å']) {
      const image = page(text);
      const end = 10 + measureText(text, 16);
      for (let i = 0; i < image.data.length; i += 4) {
        const x = (i / 4) % 400;
        if (x < 9 || x > end + 1) expect(image.data[i]).toBe(255);
      }
    }
    expect(new Set([...'0123456789'].map((figure) => measureText(figure, 20))).size).toBe(1);
  });

  it('is bolder in bold, takes its colour, and blends into transparent pages', () => {
    expect(darkness(page('m', { ...ink, weight: 'bold' }))).toBeGreaterThan(1.25 * darkness(page('m')));
    const clear = filledImage(40, 40, [0, 0, 0, 0]);
    drawText(clear, 'I', 10, 26, { size: 24, color: [255, 0, 0] });
    const solid = clear.data.findIndex((value, i) => i % 4 === 3 && value === 255) - 3;
    expect([...clear.data.subarray(solid, solid + 4)]).toEqual([255, 0, 0, 255]);
  });

  it('clips at the picture’s edges', () => {
    const small = filledImage(5, 5, [255, 255, 255]);
    expect(() => drawText(small, 'WWWW', -20, 3, { size: 40, color: [0, 0, 0] })).not.toThrow();
    expect(() => drawText(small, 'far away', 500, 500, ink)).not.toThrow();
  });

  it('frames what it cannot draw as code points and says so', () => {
    expect(drawText(filledImage(200, 40, [255, 255, 255]), '猫', 0, 30, ink)).toBe(true);
    expect(drawText(filledImage(200, 40, [255, 255, 255]), 'cat', 0, 30, ink)).toBe(false);
    expect(page('猫')).not.toEqual(page('犬'));
    expect(shapeText('🐈').codePoints).toBe(true);
  });

  it('ignores characters without a picture', () => {
    expect(measureText('a\u200d\ufe0f\u0000b', 16)).toBe(measureText('ab', 16));
    expect(measureText('', 16)).toBe(0);
  });

  it('gives wide marks room beside narrow letters', () => {
    expect(measureText('î', 16)).toBeGreaterThan(measureText('i', 16));
  });
});

describe('glyphs', () => {
  const table = [...asciiGlyphs, ...moreGlyphs];

  it('are well-formed skeletons, or name a glyph that is one', () => {
    const skeleton = /^(?:~?[0-9a-z]{2})+!?(?:,(?:~?[0-9a-z]{2})+!?)*$/;
    for (const [from, entries] of [...table, ...marks]) {
      entries.forEach((entry, i) => {
        const character = String.fromCodePoint(from + i);
        if (entry.length === 1) expect(entryOf(entry, table), `${character} as ${entry}`).toMatch(skeleton);
        else if (entry !== '') expect(entry, character).toMatch(skeleton);
      });
    }
  });

  it('lie in rows that do not overlap', () => {
    const codes = table.flatMap(([from, entries]) => entries.map((_, i) => from + i));
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('shapeAscii', () => {
  it('shapes what pictures say of themselves as shapeText does', () => {
    for (const text of [...Object.values(statusLabels), 'Framed: 1F408 (0-9)']) {
      expect({ ...shapeAscii(text), codePoints: false }).toEqual(shapeText(text));
    }
  });
});

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));
}
