import { type ArrayView, OptionError } from '@hybridcam/core';
import { markStatus, type StatusOptions } from './degenerate.ts';
import { checkSameSize } from './overlay.ts';
import { drawSegments, type Segment } from './paint/draw-segments.ts';
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
  if (!(lineWidth > 0))
    throw new OptionError(`contour: expected a positive lineWidth; received ${lineWidth}.`);
  const levels = contourLevels(scalar, options).sort((a, b) => a - b);
  const drawn = copyImage(image);
  levels.forEach((level, i) => {
    const isInnermost = i === levels.length - 1 && levels.length > 1;
    const radius = (lineWidth * (isInnermost ? 1.5 : 1)) / 2;
    const segments = marchingSquares(scalar, level);
    drawSegments(drawn, segments, radius + Math.max(0.75, lineWidth * 0.5), [16, 18, 22, 150]);
    drawSegments(drawn, segments, radius, color);
  });
  return markStatus(drawn, scalar, options);
}

function contourLevels(map: ScalarMap, options: ContourOptions): number[] {
  const { top, levels } = options;
  if (levels !== undefined) {
    if (top !== undefined) throw new OptionError('contour: expected either top or levels; received both.');
    if (!levels.every(Number.isFinite)) {
      throw new OptionError(`contour: expected finite levels; received [${levels}].`);
    }
    return [...levels];
  }
  const sorted = Float32Array.from(map.values).sort();
  return (top ?? [0.05, 0.2]).map((share) => {
    if (!(share > 0 && share < 1)) {
      throw new OptionError(`contour: expected shares of the area in (0, 1); received ${share}.`);
    }
    return sorted[Math.min(sorted.length - 1, Math.floor((1 - share) * sorted.length))]!;
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
      // Nearly every square lies on one side; it must cost nothing.
      const isAbove = values[at]! > level;
      if (
        values[at + 1]! > level === isAbove &&
        values[at + width]! > level === isAbove &&
        values[at + width + 1]! > level === isAbove
      ) {
        continue;
      }
      const corners = [values[at]!, values[at + 1]!, values[at + width + 1]!, values[at + width]!];
      const above = corners.map((value) => value > level);
      // Edges in the order top, right, bottom, left; each lies between corner i and corner i + 1.
      const crossings = [0, 1, 2, 3].filter((edge) => above[edge] !== above[(edge + 1) % 4]);
      const point = (edge: number): readonly [number, number] => {
        const [a, b] = [corners[edge]!, corners[(edge + 1) % 4]!];
        const share = (level - a) / (b - a);
        const [fromX, fromY] = offsets[edge]!;
        const [toX, toY] = offsets[(edge + 1) % 4]!;
        return [x + 0.5 + fromX + share * (toX - fromX), y + 0.5 + fromY + share * (toY - fromY)];
      };
      if (crossings.length === 2) {
        segments.push([point(crossings[0]!), point(crossings[1]!)]);
        continue;
      }
      const centerAbove = corners.reduce((sum, value) => sum + value, 0) / 4 > level;
      // The two corners that differ from the centre are cut off, each by its two edges.
      const pairs =
        centerAbove === above[0]
          ? [
              [0, 1],
              [2, 3],
            ]
          : [
              [3, 0],
              [1, 2],
            ];
      for (const [from, to] of pairs) segments.push([point(from!), point(to!)]);
    }
  }
  return segments;
}

const offsets = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;
