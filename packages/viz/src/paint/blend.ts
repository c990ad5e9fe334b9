import type { Rgba, RgbaImage } from '../rgba-image.ts';

/** Puts `color` over one pixel, with `coverage` (0 to 1) of its alpha. */
export function blend(image: RgbaImage, x: number, y: number, color: Rgba, coverage: number): void {
  const at = 4 * (y * image.width + x);
  const source = ((color[3] ?? 255) / 255) * coverage;
  const below = (image.data[at + 3]! / 255) * (1 - source);
  const alpha = source + below;
  if (alpha === 0) return;
  for (let channel = 0; channel < 3; channel++) {
    image.data[at + channel] = Math.round(
      (color[channel]! * source + image.data[at + channel]! * below) / alpha,
    );
  }
  image.data[at + 3] = Math.round(255 * alpha);
}
