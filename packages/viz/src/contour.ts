import type { ArrayView } from '@hybridcam/core';
import { markStatus, type StatusOptions } from './degenerate.ts';
import { expectOption } from './expect-option.ts';
import { nthSmallest } from './nth-smallest.ts';
import { checkSameSize } from './overlay.ts';
import { drawSegments, type Pen, type Point, type Segment } from './paint/draw-segments.ts';
import { copyImage } from './paint/paint.ts';
import { checkImage, type Rgba, type RgbaImage } from './rgba-image.ts';
import { readMap, type ScalarMap } from './scalar-map.ts';

export interface ContourOptions extends StatusOptions {
  /** Outlines the pixels with the highest values, as shares of the area in (0, 1). Default: 0.05 and 0.2. */
  readonly top?: readonly number[];
  /** Outlines at values of the map instead of shares of the area. */
  readonly levels?: readonly number[];
  /** Default: white, with a dark rim that keeps it visible on any picture. */
  readonly color?: Rgba;
  /** Pixels; the innermost line is drawn half as wide again. Default: 1/160 of the picture's shorter side, at least 1.25. */
  readonly lineWidth?: number;
}

/**
 * Outlines of a map on its picture, by marching squares between pixel centres.
 *
 * `map` is [height, width] of the picture. The default lines enclose the 5 % and the 20 % of the picture with the highest
 * values. A level that no value reaches, or all exceed, draws nothing.
 *
 * @throws ShapeError when map and picture differ in size; NonFiniteError on NaN; OptionError on both `top` and `levels`, or
 * shares outside (0, 1)
 * @example contour(image, saliencyMap, { top: [0.1] })
 */
export function contour(image: RgbaImage, map: ArrayView, options: ContourOptions = {}): RgbaImage {
  checkImage(image, 'contour');
  const scalar = readMap(map, 'contour');
  checkSameSize(image, scalar, 'contour');
  const { color = [255, 255, 255] } = options;
  const { lineWidth = Math.max(1.25, Math.min(image.width, image.height) / 160) } = options;
  expectOption(lineWidth > 0, 'contour', 'a positive lineWidth', lineWidth);
  const levels = contourLevels(scalar, options).sort((a, b) => a - b);
  const drawn = copyImage(image);
  levels.forEach((level, i) => {
    const isInnermost = i === levels.length - 1 && levels.length > 1;
    const radius = (lineWidth * (isInnermost ? 1.5 : 1)) / 2;
    const rim: Pen = { radius: radius + Math.max(0.75, lineWidth * 0.5), color: [16, 18, 22, 150] };
    drawSegments(drawn, marchingSquares(scalar, level), rim, { radius, color });
  });
  return markStatus(drawn, scalar, options);
}

function contourLevels(map: ScalarMap, options: ContourOptions): number[] {
  const { top, levels } = options;
  if (levels !== undefined) {
    expectOption(top === undefined, 'contour', 'either top or levels', 'both');
    expectOption(levels.every(Number.isFinite), 'contour', 'finite levels', `[${levels}]`);
    return [...levels];
  }
  const { values } = map;
  return (top ?? [0.05, 0.2]).map((share) => {
    expectOption(share > 0 && share < 1, 'contour', 'shares of the area in (0, 1)', share);
    return nthSmallest(values, Math.min(values.length - 1, Math.floor((1 - share) * values.length)));
  });
}

/**
 * Pieces of the line where the map crosses `level`, in pixel coordinates (a pixel's centre at + 0.5). Each square of four
 * neighbouring centres is cut by linear interpolation; a saddle is decided by the mean of its corners.
 */
export function marchingSquares({ values, width, height }: ScalarMap, level: number): Segment[] {
  const segments: Segment[] = [];
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const at = y * width + x;
      const a = values[at]!;
      const b = values[at + 1]!;
      const c = values[at + width + 1]!;
      const d = values[at + width]!;
      const isAbove = a > level;
      // Nearly every square lies on one side; it must cost nothing.
      if (b > level === isAbove && c > level === isAbove && d > level === isAbove) continue;
      const top = isAbove !== b > level ? pointAt(x + share(a, b, level), y) : undefined;
      const right = b > level !== c > level ? pointAt(x + 1, y + share(b, c, level)) : undefined;
      const bottom = c > level !== d > level ? pointAt(x + 1 - share(c, d, level), y + 1) : undefined;
      const left = d > level !== isAbove ? pointAt(x, y + 1 - share(d, a, level)) : undefined;
      if (top && right && bottom && left) {
        const isCenterAbove = (a + b + c + d) / 4 > level;
        // The two corners that differ from the centre are cut off, each by its two edges.
        if (isCenterAbove === isAbove) segments.push([top, right], [bottom, left]);
        else segments.push([left, top], [right, bottom]);
      } else {
        const [from, to] = [top, right, bottom, left].filter((point) => point !== undefined);
        segments.push([from!, to!]);
      }
    }
  }
  return segments;
}

/** How far along an edge from `from` to `to` the level is reached. */
function share(from: number, to: number, level: number): number {
  return (level - from) / (to - from);
}

function pointAt(x: number, y: number): Point {
  return [x + 0.5, y + 0.5];
}
