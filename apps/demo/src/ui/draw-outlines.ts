import { contour, filledImage } from '@hybridcam/viz';
import type { ReadyMap } from '../maps.ts';

/** Lines are drawn finer than the model's input, or they would show its pixels. */
const lineSide = 512;

/** Lines around the strongest 5 % and 20 % of the model's input, on a canvas of their own. */
export function drawOutlines(
  canvas: HTMLCanvasElement,
  map: ReadyMap,
  input: { readonly height: number; readonly width: number },
): void {
  const scale = Math.max(1, lineSide / Math.max(input.height, input.width));
  const [height, width] = [Math.round(input.height * scale), Math.round(input.width * scale)];
  const drawn = contour(filledImage(width, height, [0, 0, 0, 0]), map.at(height, width), {
    badge: false,
    lineWidth: width / 160,
  });
  canvas.width = width;
  canvas.height = height;
  canvas
    .getContext('2d')!
    .putImageData(new ImageData(new Uint8ClampedArray(drawn.data), width, height), 0, 0);
}
