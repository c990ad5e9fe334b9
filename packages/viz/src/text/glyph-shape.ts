import { extent, parse, type Stroke, transform } from './stroke.ts';

/** Strokes and how far the next glyph stands from this one, white on both sides included. */
export interface GlyphShape {
  readonly strokes: readonly Stroke[];
  readonly advance: number;
}

export const unitsPerSize = 20;
const figureAdvance = 11.6;

export const space: GlyphShape = { strokes: [], advance: 5.4 };

/** Shapes once made: a pure function's results, at most one per character we can draw. */
const shapes = /* @__PURE__ */ new Map<string, GlyphShape>();

/** The shape of a character, made where it is not known yet. */
export function shapeOnce(
  character: string,
  make: (character: string) => GlyphShape | undefined,
): GlyphShape | undefined {
  const shape = shapes.get(character) ?? make(character);
  if (shape) shapes.set(character, shape);
  return shape;
}

/** The glyph of a skeleton with the white beside it; figures share one width. */
export function glyphShape(skeleton: string, character: string): GlyphShape {
  const strokes = parse(skeleton);
  if (!/\d/.test(character)) return spaced(strokes);
  return { strokes: transform(strokes, 1, 1, 0, 1, figureAdvance / 2 - 4), advance: figureAdvance };
}

/** Adds the white beside a glyph: most beside a stem, less beside a bowl, least beside a diagonal or an open side. */
export function spaced(strokes: readonly Stroke[]): GlyphShape {
  const { low, high } = extent(strokes);
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

export function sideBySide(shapes: readonly GlyphShape[]): GlyphShape {
  let advance = 0;
  const strokes = shapes.flatMap((shape) => {
    const moved = transform(shape.strokes, 1, 1, 0, 1, advance);
    advance += shape.advance;
    return moved;
  });
  return { strokes, advance };
}
