import { expectOption } from './expect-option.ts';
import { type Rectangle, strokeRectangle } from './paint/paint.ts';
import type { RgbaImage } from './rgba-image.ts';

/**
 * Greys and darkens what lies outside `seen` and draws a hairline around it, in place: the part of a photograph that a
 * crop kept from the network, about which the map says nothing.
 * @throws OptionError unless `seen` is a rectangle of whole pixels within the picture
 */
export function dimUnseen(image: RgbaImage, seen: Rectangle, where: string): void {
  const { left, top, width, height } = seen;
  const right = left + width;
  const bottom = top + height;
  const whole = [left, top, width, height].every((value) => Number.isInteger(value) && value >= 0);
  expectOption(
    whole && width > 0 && height > 0 && right <= image.width && bottom <= image.height,
    where,
    `seen to be a rectangle of whole pixels within ${image.width} × ${image.height}`,
    JSON.stringify(seen),
  );
  if (width === image.width && height === image.height) return;
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (x >= left && x < right && y >= top && y < bottom) continue;
      const at = 4 * (y * image.width + x);
      const [red, green, blue] = [image.data[at]!, image.data[at + 1]!, image.data[at + 2]!];
      const grey = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      for (let channel = 0; channel < 3; channel++) {
        image.data[at + channel] = Math.round(0.52 * (0.3 * image.data[at + channel]! + 0.7 * grey) + 18);
      }
    }
  }
  strokeRectangle(
    image,
    {
      left: Math.max(0, left - 1),
      top: Math.max(0, top - 1),
      width: Math.min(image.width, right + 1) - Math.max(0, left - 1),
      height: Math.min(image.height, bottom + 1) - Math.max(0, top - 1),
    },
    [255, 255, 255, 150],
  );
}
