import { glyphs, lookalikes, marks, subscripts, superscripts } from './glyphs.ts';
import { romanize } from './romanize.ts';
import { extent, parse, type Stroke, transform } from './stroke.ts';

/** One line of text as strokes. `codePoints` tells whether some characters could only be shown by their code point. */
export interface ShapedText {
  readonly strokes: readonly Stroke[];
  readonly advance: number;
  readonly codePoints: boolean;
}

export const unitsPerSize = 20;
const capHeight = 14;
const xHeight = 10;
const figureAdvance = 11.6;
const spaceAdvance = 5.4;

/**
 * Text as strokes of our own font: ASCII, Latin with marks, Greek, Cyrillic and mathematical signs are drawn, the scripts of
 * `romanize` are romanised, anything else is shown as framed code points. Line breaks count as spaces.
 */
export function shapeText(text: string): ShapedText {
  const strokes: Stroke[] = [];
  let advance = 0;
  let codePoints = false;
  const add = (shape: GlyphShape): void => {
    for (const { points, closed, pen } of shape.strokes) {
      strokes.push({ points: points.map((point) => ({ ...point, x: point.x + advance })), closed, pen });
    }
    advance += shape.advance;
  };
  let unknown: number[] = [];
  const flush = (): void => {
    if (unknown.length === 0) return;
    add(codePointFrame(unknown));
    codePoints = true;
    unknown = [];
  };
  for (const character of romanize(text.normalize('NFC'))) {
    if (/\s/u.test(character)) {
      flush();
      advance += spaceAdvance;
      continue;
    }
    // Controls, joiners and variation selectors have no picture.
    if (/[\p{Cc}\p{Cf}\p{Variation_Selector}]/u.test(character)) continue;
    const shape = glyphShape(character);
    if (shape === undefined) {
      unknown.push(character.codePointAt(0)!);
    } else {
      flush();
      add(shape);
    }
  }
  flush();
  return { strokes, advance, codePoints };
}

interface GlyphShape {
  readonly strokes: readonly Stroke[];
  readonly advance: number;
}

/** Shapes once made: a pure function's results, at most one per character we can draw. */
const shapes = /* @__PURE__ */ new Map<string, GlyphShape>();

function glyphShape(character: string): GlyphShape | undefined {
  const known = shapes.get(character);
  if (known) return known;
  const shape = makeShape(character);
  if (shape) shapes.set(character, shape);
  return shape;
}

function makeShape(character: string): GlyphShape | undefined {
  const plain = plainShape(character);
  if (plain) return plain;
  const decomposed = [...character.normalize('NFD')];
  if (decomposed.length > 1) return withMarks(decomposed);
  const compatible = character.normalize('NFKD');
  if (compatible === character) return undefined;
  const parts = [...compatible].map((part) =>
    part === ' ' ? { strokes: [], advance: spaceAdvance } : glyphShape(part),
  );
  return parts.every((part) => part !== undefined) ? sideBySide(parts) : undefined;
}

function plainShape(character: string): GlyphShape | undefined {
  const skeleton = glyphs[character] ?? glyphs[lookalikes[character] ?? ''];
  if (skeleton !== undefined) return spaced(parse(skeleton), /\d/.test(character));
  const raised = superscripts[character];
  if (raised !== undefined)
    return spaced(transform(parse(glyphs[raised]!), 0.6, 0.6, capHeight * 0.4, 0.8), false);
  const lowered = subscripts[character];
  if (lowered !== undefined) return spaced(transform(parse(glyphs[lowered]!), 0.6, 0.6, -3, 0.8), false);
  // Cyrillic small letters mostly are small capitals.
  const capital = character.toUpperCase();
  if (/\p{Script=Cyrillic}/u.test(character) && capital !== character) {
    const shape = glyphs[capital] ?? glyphs[lookalikes[capital] ?? ''];
    if (shape !== undefined) return spaced(transform(parse(shape), 0.82, xHeight / capHeight, 0, 1), false);
  }
  return undefined;
}

/** A letter and its combining marks; a mark over a tall letter is lifted, and i and j lose their dot. */
function withMarks([letter, ...combining]: readonly string[]): GlyphShape | undefined {
  const above = combining.some((mark) => (marks[mark]?.charCodeAt(1) ?? 0) > 0x61);
  const base = plainShape(above && letter === 'i' ? 'ı' : letter!);
  if (base === undefined || combining.some((mark) => marks[mark] === undefined)) return undefined;
  const { low, high, top } = extent(base.strokes);
  const shift = (low + high) / 2 - 4;
  let lift = top > xHeight + 2 ? top - xHeight : 0;
  const strokes = [...base.strokes];
  for (const mark of combining) {
    const parsed = parse(marks[mark]!);
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

function sideBySide(shapes: readonly GlyphShape[]): GlyphShape {
  let advance = 0;
  const strokes = shapes.flatMap((shape) => {
    const moved = transform(shape.strokes, 1, 1, 0, 1, advance);
    advance += shape.advance;
    return moved;
  });
  return { strokes, advance };
}

/** Characters we cannot draw: their code points in hexadecimal, smaller, in a frame. */
function codePointFrame(codes: readonly number[]): GlyphShape {
  const text = codes.map((code) => code.toString(16).toUpperCase().padStart(4, '0')).join(' ');
  const inner = shapeText(text);
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

/** Adds the white beside a glyph: most beside a stem, less beside a bowl, least beside a diagonal or an open side. Figures share one width. */
function spaced(strokes: readonly Stroke[], isFigure: boolean): GlyphShape {
  const { low, high } = extent(strokes);
  if (isFigure)
    return { strokes: transform(strokes, 1, 1, 0, 1, figureAdvance / 2 - 4), advance: figureAdvance };
  const left = bearing(strokes, low);
  return {
    strokes: transform(strokes, 1, 1, 0, 1, left - low),
    advance: left + high - low + bearing(strokes, high),
  };
}

function bearing(strokes: readonly Stroke[], side: number): number {
  let isRound = false;
  for (const { points } of strokes) {
    for (let i = 0; i < points.length; i++) {
      const point = points[i]!;
      if (point.x !== side) continue;
      if (points.length === 1) return 2.25;
      if (!point.on) isRound = true;
      const next = points[i + 1];
      if (next?.x === side && point.on && next.on && Math.abs(next.y - point.y) > 4) return 2.25;
    }
  }
  return isRound ? 1.8 : 1.4;
}
