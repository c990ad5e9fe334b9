import { encodePng, type RgbaImage } from '@hybridcam/viz';

/** A picture of coloured gradients with a bright disc, `width` × `height`: something for a network to look at. */
export function tinyPicture(width = 48, height = 40, phase = 0): RgbaImage {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = 4 * (y * width + x);
      const inDisc = Math.hypot(x - width * 0.35, y - height * 0.4) < height / 5;
      data[i] = inDisc ? 250 : (255 * x) / width;
      data[i + 1] = inDisc ? 220 : (255 * y) / height;
      data[i + 2] = inDisc ? 40 : (128 + 90 * Math.sin((x + phase) / 3)) & 255;
      data[i + 3] = 255;
    }
  }
  return { data, width, height };
}

/** The same as the bytes of a PNG file. */
export function tinyPng(width?: number, height?: number, phase?: number): Uint8Array {
  return encodePng(tinyPicture(width, height, phase));
}
