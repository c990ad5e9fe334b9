import type { Rgba, RgbaImage } from '../rgba-image.ts';
import { blend } from './blend.ts';

export type Point = readonly [x: number, y: number];
export type Segment = readonly [from: Point, to: Point];

/** A round pen. */
export interface Pen {
  readonly radius: number;
  readonly color: Rgba;
}

/**
 * Draws straight pieces with one pen after the other, all pieces as one shape: where they meet or cross nothing is blended twice. A pixel
 * is covered by how far its centre lies inside the pen's edge.
 */
export function drawSegments(image: RgbaImage, segments: readonly Segment[], ...pens: readonly Pen[]): void {
  // The widest pen's distances serve all of them.
  const reach = Math.max(...pens.map(({ radius }) => radius)) + 0.5;
  const left = clampTo(image.width, Math.floor(minimum(segments, 0) - reach));
  const top = clampTo(image.height, Math.floor(minimum(segments, 1) - reach));
  const width = clampTo(image.width, Math.ceil(-minimum(segments, 0, -1) + reach)) - left;
  const height = clampTo(image.height, Math.ceil(-minimum(segments, 1, -1) + reach)) - top;
  if (!(width > 0 && height > 0)) return;
  const nearest = squaredDistances(segments, reach, left, top, width, height);
  for (const { radius, color } of pens) {
    const edge = radius + 0.5;
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const squared = nearest[at]!;
        if (squared < edge * edge)
          blend(image, left + x, top + y, color, Math.min(1, edge - Math.sqrt(squared)));
      }
    }
  }
}

/** Of each pixel's centre in a window to the nearest piece, where that is less than `reach` away; `reach` squared elsewhere. */
function squaredDistances(
  segments: readonly Segment[],
  reach: number,
  left: number,
  top: number,
  width: number,
  height: number,
): Float64Array {
  const nearest = new Float64Array(width * height).fill(reach * reach);
  for (const [from, to] of segments) {
    // From the window's first pixel centre.
    const ax = from[0] - left - 0.5;
    const ay = from[1] - top - 0.5;
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const inverse = dx === 0 && dy === 0 ? 0 : 1 / (dx * dx + dy * dy);
    const x0 = Math.max(0, Math.floor(Math.min(ax, ax + dx) + 0.5 - reach));
    const x1 = Math.min(width, Math.ceil(Math.max(ax, ax + dx) + 0.5 + reach));
    const y0 = Math.max(0, Math.floor(Math.min(ay, ay + dy) + 0.5 - reach));
    const y1 = Math.min(height, Math.ceil(Math.max(ay, ay + dy) + 0.5 + reach));
    for (let y = y0; y < y1; y++) {
      const py = y - ay;
      for (let x = x0; x < x1; x++) {
        const px = x - ax;
        const t = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse));
        const rx = px - t * dx;
        const ry = py - t * dy;
        const squared = rx * rx + ry * ry;
        if (squared < nearest[y * width + x]!) nearest[y * width + x] = squared;
      }
    }
  }
  return nearest;
}

function minimum(segments: readonly Segment[], axis: 0 | 1, sign = 1): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [from, to] of segments) least = Math.min(least, sign * from[axis], sign * to[axis]);
  return least;
}

function clampTo(extent: number, value: number): number {
  return Math.min(extent, Math.max(0, value));
}
