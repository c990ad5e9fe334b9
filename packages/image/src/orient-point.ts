import type { Extent, Point } from './geometry.ts';
import type { Orientation } from './image.ts';

/** A point of the upright picture of size `upright`, on the raster as stored. Continuous coordinates. */
export function toStored({ x, y }: Point, { width, height }: Extent, orientation: Orientation): Point {
  switch (orientation) {
    case 1:
      return { x, y };
    case 2:
      return { x: width - x, y };
    case 3:
      return { x: width - x, y: height - y };
    case 4:
      return { x, y: height - y };
    case 5:
      return { x: y, y: x };
    case 6:
      return { x: y, y: width - x };
    case 7:
      return { x: height - y, y: width - x };
    case 8:
      return { x: height - y, y: x };
  }
}

/** A point of the raster as stored, on the upright picture of size `upright`. */
export function fromStored({ x, y }: Point, { width, height }: Extent, orientation: Orientation): Point {
  switch (orientation) {
    case 6:
      return { x: width - y, y: x };
    case 7:
      return { x: width - y, y: height - x };
    case 8:
      return { x: y, y: height - x };
    default:
      return toStored({ x, y }, { width, height }, orientation);
  }
}
