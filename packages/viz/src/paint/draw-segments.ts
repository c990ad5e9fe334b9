import type { Rgba, RgbaImage } from '../rgba-image.ts';
import { blend } from './blend.ts';

export type Point = readonly [x: number, y: number];
export type Segment = readonly [from: Point, to: Point];

/**
 * Draws straight pieces with a round pen, all as one shape: where pieces meet or cross nothing is blended twice. A pixel is
 * covered by how far its centre lies inside the pen's edge.
 */
export function drawSegments(
  image: RgbaImage,
  segments: readonly Segment[],
  radius: number,
  color: Rgba,
): void {
  const reach = radius + 0.5;
  const left = clampTo(image.width, Math.floor(minimum(segments, 0) - reach));
  const top = clampTo(image.height, Math.floor(minimum(segments, 1) - reach));
  const width = clampTo(image.width, Math.ceil(-minimum(segments, 0, -1) + reach)) - left;
  const height = clampTo(image.height, Math.ceil(-minimum(segments, 1, -1) + reach)) - top;
  if (width <= 0 || height <= 0) return;
  const nearest = new Float64Array(width * height).fill(reach * reach);
  for (const [[ax, ay], [bx, by]] of segments) {
    const [dx, dy] = [bx - ax, by - ay];
    const inverse = dx === 0 && dy === 0 ? 0 : 1 / (dx * dx + dy * dy);
    const x0 = Math.max(0, Math.floor(Math.min(ax, bx) - reach) - left);
    const x1 = Math.min(width, Math.ceil(Math.max(ax, bx) + reach) - left);
    const y0 = Math.max(0, Math.floor(Math.min(ay, by) - reach) - top);
    const y1 = Math.min(height, Math.ceil(Math.max(ay, by) + reach) - top);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const [px, py] = [left + x + 0.5 - ax, top + y + 0.5 - ay];
        const t = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse));
        const distance = (px - t * dx) ** 2 + (py - t * dy) ** 2;
        if (distance < nearest[y * width + x]!) nearest[y * width + x] = distance;
      }
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const coverage = Math.min(1, reach - Math.sqrt(nearest[y * width + x]!));
      if (coverage > 0) blend(image, left + x, top + y, color, coverage);
    }
  }
}

function minimum(segments: readonly Segment[], axis: 0 | 1, sign = 1): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [from, to] of segments) least = Math.min(least, sign * from[axis], sign * to[axis]);
  return least;
}

function clampTo(extent: number, value: number): number {
  return Math.min(extent, Math.max(0, value));
}
