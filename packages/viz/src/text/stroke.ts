/** A point of a stroke in font units: x to the right, y up from the baseline; 20 units are one font size. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** False for the control point of a quadratic curve. */
  readonly on: boolean;
}

export interface Stroke {
  readonly points: readonly StrokePoint[];
  readonly closed: boolean;
  /** Pen width relative to the rest of the text. */
  readonly pen: number;
}

/** A skeleton of the font, written as at `asciiGlyphs`, as strokes. */
export function parse(skeleton: string): Stroke[] {
  return skeleton.split(',').map((stroke) => ({
    points: [...stroke.matchAll(/(~?)(\w)(\w)/g)].map(([, control, x, y]) => ({
      x: Number.parseInt(x!, 36),
      y: Number.parseInt(y!, 36) - 4,
      on: control === '',
    })),
    closed: stroke.endsWith('!'),
    pen: 1,
  }));
}

/** Scaled, then moved; pens made thicker or thinner by `pen`. */
export function transform(
  strokes: readonly Stroke[],
  scaleX: number,
  scaleY: number,
  lift: number,
  pen: number,
  shift = 0,
): Stroke[] {
  return strokes.map((stroke) => ({
    points: stroke.points.map(({ x, y, on }) => ({ x: x * scaleX + shift, y: y * scaleY + lift, on })),
    closed: stroke.closed,
    pen: stroke.pen * pen,
  }));
}

/** The range of x and the highest y, control points included. */
export function extent(strokes: readonly Stroke[]): { low: number; high: number; top: number } {
  let [low, high, top] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of strokes) {
    for (const { x, y } of points) {
      low = Math.min(low, x);
      high = Math.max(high, x);
      top = Math.max(top, y);
    }
  }
  return { low, high, top };
}
