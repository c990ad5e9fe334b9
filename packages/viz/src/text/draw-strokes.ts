import { drawSegments, type Point, type Segment } from '../paint/draw-segments.ts';
import type { Rgba, RgbaImage } from '../rgba-image.ts';
import { unitsPerSize } from './glyph-shape.ts';
import type { Stroke } from './stroke.ts';

export interface TextStyle {
  /** Font size in pixels: capitals are 0.7 of it. */
  readonly size: number;
  readonly color: Rgba;
  readonly weight?: 'regular' | 'bold';
}

/** Draws shaped text with its baseline at row `baseline`, starting at column `left`. */
export function drawStrokes(
  image: RgbaImage,
  strokes: readonly Stroke[],
  left: number,
  baseline: number,
  style: TextStyle,
): void {
  const unit = style.size / unitsPerSize;
  const pen = Math.max(1, unit * (style.weight === 'bold' ? 2.5 : 1.65));
  const toY = snapping(unit, pen);
  for (const stroke of strokes) {
    const width = Math.max(0.9, pen * stroke.pen);
    const line = flatten(
      stroke,
      (x) => left + x * unit,
      (y) => baseline - toY(y),
    );
    const isDot = line.length === 1;
    const segments = line.slice(isDot ? 0 : 1).map((point, i): Segment => [line[i]!, point]);
    drawSegments(image, segments, { radius: (isDot ? width * 1.3 : width) / 2, color: style.color });
  }
}

/**
 * Font height to pixels above the baseline, such that the outer edges of strokes along the baseline, the x-height and the
 * capitals' height fall on whole pixels: horizontals are crisp at every size.
 */
function snapping(unit: number, pen: number): (y: number) => number {
  const knots = [-4, 0, 10, 14].map((y) => {
    const edge = y <= 0 ? Math.round(y * unit) + pen / 2 : Math.round(y * unit + pen) - pen / 2;
    return [y, edge] as const;
  });
  return (y) => {
    let i = 1;
    while (i < 3 && y > knots[i]![0]) i++;
    const [y0, edge0] = knots[i - 1]!;
    const [y1, edge1] = knots[i]!;
    if (y < y0) return edge0 + (y - y0) * unit;
    if (y > y1) return edge1 + (y - y1) * unit;
    return edge0 + ((y - y0) / (y1 - y0)) * (edge1 - edge0);
  };
}

/** Curves to short straight pieces. */
function flatten(stroke: Stroke, toX: (x: number) => number, toY: (y: number) => number): Point[] {
  const source = stroke.points.map(({ x, y, on }) => ({ x: toX(x), y: toY(y), on }));
  const explicit: typeof source = [];
  source.forEach((point, i) => {
    const before = source[i - 1] ?? (stroke.closed ? source.at(-1) : undefined);
    if (before && !before.on && !point.on) {
      explicit.push({ x: (before.x + point.x) / 2, y: (before.y + point.y) / 2, on: true });
    }
    explicit.push(point);
  });
  if (stroke.closed) explicit.push(explicit[0]!);
  const line: Point[] = [];
  explicit.forEach((point, i) => {
    if (point.on) {
      line.push([point.x, point.y]);
      return;
    }
    const from = explicit[i - 1]!;
    const to = explicit[i + 1]!;
    const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
    const pieces = Math.max(3, Math.ceil(Math.sqrt(length) * 2));
    for (let piece = 1; piece < pieces; piece++) {
      const t = piece / pieces;
      const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
      line.push([a * from.x + b * point.x + c * to.x, a * from.y + b * point.y + c * to.y]);
    }
  });
  return line;
}
