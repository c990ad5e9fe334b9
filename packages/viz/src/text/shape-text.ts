import { asciiGlyphs } from './ascii-glyphs.ts';
import { type GlyphShape, glyphShape, shapeOnce, sideBySide, space, spaced } from './glyph-shape.ts';
import { marks, moreGlyphs } from './more-glyphs.ts';
import { romanize } from './romanize.ts';
import { entryOf } from './rows.ts';
import { shapeAscii } from './shape-ascii.ts';
import { extent, parse, type Stroke, transform } from './stroke.ts';

/** One line of text as strokes. `codePoints` tells whether some characters could only be shown by their code point. */
export interface ShapedText extends GlyphShape {
  readonly codePoints: boolean;
}

const capHeight = 14;
const xHeight = 10;

/**
 * Text as strokes of our own font: ASCII, Latin with marks, Greek, Cyrillic and mathematical signs are drawn, the scripts of
 * `romanize` are romanised, anything else is shown as framed code points. Line breaks count as spaces.
 */
export function shapeText(text: string): ShapedText {
  const line: GlyphShape[] = [];
  let codePoints = false;
  let unknown: string[] = [];
  const flush = (): void => {
    if (unknown.length === 0) return;
    line.push(codePointFrame(unknown));
    codePoints = true;
    unknown = [];
  };
  for (const character of romanize(text.normalize('NFC'))) {
    // Controls, joiners and variation selectors have no picture.
    if (/(?!\s)[\p{Cc}\p{Cf}\p{Variation_Selector}]/u.test(character)) continue;
    const shape = /\s/u.test(character) ? space : shapeOnce(character, shapeOf);
    if (shape) {
      flush();
      line.push(shape);
    } else {
      unknown.push(character);
    }
  }
  flush();
  return { ...sideBySide(line), codePoints };
}

function shapeOf(character: string): GlyphShape | undefined {
  const plain = plainShape(character);
  if (plain) return plain;
  const decomposed = [...character.normalize('NFD')];
  if (decomposed.length > 1) return withMarks(decomposed);
  const compatible = character.normalize('NFKD');
  if (compatible === character) return undefined;
  const parts = [...compatible].map((part) => (part === ' ' ? space : shapeOnce(part, shapeOf)));
  return parts.every((part) => part !== undefined) ? sideBySide(parts) : undefined;
}

function plainShape(character: string): GlyphShape | undefined {
  const skeleton = skeletonOf(character);
  if (skeleton) return glyphShape(skeleton, character);
  const scaled = (base: string, scaleX: number, scaleY: number, lift: number, pen: number): GlyphShape =>
    spaced(transform(parse(skeletonOf(base)!), scaleX, scaleY, lift, pen));
  // Small raised figures and letters, and small lowered ones.
  if (/[⁰¹²³⁴-⁻ⁿªº₀-₋]/u.test(character)) {
    const lift = /[₀-₋]/u.test(character) ? -3 : capHeight * 0.4;
    return scaled(character.normalize('NFKD'), 0.6, 0.6, lift, 0.8);
  }
  // Cyrillic small letters mostly are small capitals.
  const capital = character.toUpperCase();
  return /\p{Script=Cyrillic}/u.test(character) && capital !== character && skeletonOf(capital)
    ? scaled(capital, 0.82, xHeight / capHeight, 0, 1)
    : undefined;
}

function skeletonOf(character: string): string | undefined {
  const skeleton = entryOf(character, asciiGlyphs) ?? entryOf(character, moreGlyphs);
  return skeleton?.length === 1 ? skeletonOf(skeleton) : skeleton;
}

/** A letter and its combining marks; a mark over a tall letter is lifted, and i and j lose their dot. */
function withMarks([letter, ...combining]: readonly string[]): GlyphShape | undefined {
  const skeletons = combining.map((mark) => entryOf(mark, marks));
  if (!skeletons.every((skeleton) => skeleton)) return undefined;
  const above = skeletons.some((skeleton) => skeleton!.charCodeAt(1) > 0x61);
  const base = plainShape(above && letter === 'i' ? 'ı' : letter!);
  if (!base) return undefined;
  const { low, high, top } = extent(base.strokes);
  const shift = (low + high) / 2 - 4;
  let lift = top > xHeight + 2 ? top - xHeight : 0;
  const strokes = [...base.strokes];
  for (const skeleton of skeletons) {
    const parsed = parse(skeleton!);
    const isAbove = extent(parsed).top > xHeight;
    strokes.push(...transform(parsed, 1, 1, isAbove ? lift : 0, 1, shift));
    if (isAbove) lift += 4;
  }
  // A mark may be wider than its letter: Î must not touch its neighbours.
  const whole = extent(strokes);
  const left = Math.max(0, 1.1 - whole.low);
  const advance = Math.max(base.advance + left, whole.high + left + 1.1);
  return { strokes: transform(strokes, 1, 1, 0, 1, left), advance };
}

/** Characters we cannot draw: their code points in hexadecimal, smaller, in a frame. */
function codePointFrame(characters: readonly string[]): GlyphShape {
  const inner = shapeAscii(
    characters
      .map((character) => character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0'))
      .join(' '),
  );
  const scale = 0.72;
  const width = inner.advance * scale + 3;
  const frame: Stroke = {
    points: [
      [1.2, -2.6],
      [1.2, capHeight + 1],
      [width + 1.2, capHeight + 1],
      [width + 1.2, -2.6],
    ].map(([x, y]) => ({ x: x!, y: y!, on: true })),
    closed: true,
    pen: 0.6,
  };
  return { strokes: [frame, ...transform(inner.strokes, scale, scale, 2, 0.85, 2.7)], advance: width + 2.4 };
}
