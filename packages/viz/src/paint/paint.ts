import type { Rgba, RgbaImage } from '../rgba-image.ts';
import { blend } from './blend.ts';

/** A rectangle in whole pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Fills a rectangle, corners rounded by `radius`; what lies outside the picture is left out. */
export function fillRectangle(image: RgbaImage, box: Rectangle, color: Rgba, radius = 0): void {
  const right = Math.min(image.width, box.left + box.width);
  const bottom = Math.min(image.height, box.top + box.height);
  for (let y = Math.max(0, box.top); y < bottom; y++) {
    for (let x = Math.max(0, box.left); x < right; x++) {
      const dx = Math.max(0, box.left + radius - x - 0.5, x + 0.5 - (box.left + box.width - radius));
      const dy = Math.max(0, box.top + radius - y - 0.5, y + 0.5 - (box.top + box.height - radius));
      const coverage = radius > 0 && dx > 0 && dy > 0 ? Math.min(1, radius + 0.5 - Math.hypot(dx, dy)) : 1;
      if (coverage > 0) blend(image, x, y, color, coverage);
    }
  }
}

/** A frame of whole pixels just inside the rectangle. */
export function strokeRectangle(image: RgbaImage, box: Rectangle, color: Rgba, thickness = 1): void {
  const { left, top, width, height } = box;
  const inner = height - 2 * thickness;
  fillRectangle(image, { left, top, width, height: thickness }, color);
  fillRectangle(image, { left, top: top + height - thickness, width, height: thickness }, color);
  fillRectangle(image, { left, top: top + thickness, width: thickness, height: inner }, color);
  fillRectangle(
    image,
    { left: left + width - thickness, top: top + thickness, width: thickness, height: inner },
    color,
  );
}

/** Puts `source` onto `target` with its upper left corner at (left, top), transparency composited. */
export function drawImage(target: RgbaImage, source: RgbaImage, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < Math.min(source.height, target.height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(source.width, target.width - left); x++) {
      const at = 4 * (y * source.width + x);
      const { data } = source;
      blend(target, left + x, top + y, [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!], 1);
    }
  }
}

/** A copy that may be painted on. */
export function copyImage({ data, width, height }: RgbaImage): RgbaImage {
  return { data: Uint8Array.from(data), width, height };
}
