import { contour, filledImage } from '@hybridcam/viz';
import type { ReadyMap } from '../maps.ts';

/** Of the canvas, in pixels: finer than most inputs, or lines would show their pixels; coarse while a hand is on the slider. */
const lineSides = { moving: 144, still: 384 } as const;

/** Lines around the strongest 5 % and 20 % of the model's input, on a canvas of their own. */
export function drawOutlines(
  canvas: HTMLCanvasElement,
  map: ReadyMap,
  input: { readonly height: number; readonly width: number },
  pace: keyof typeof lineSides,
): void {
  const scale = lineSides[pace] / Math.max(input.height, input.width);
  const [height, width] = [Math.round(input.height * scale), Math.round(input.width * scale)];
  const drawn = contour(filledImage(width, height, [0, 0, 0, 0]), map.at(height, width), {
    badge: false,
    lineWidth: Math.max(1, width / 160),
  });
  canvas.width = width;
  canvas.height = height;
  canvas
    .getContext('2d')!
    .putImageData(new ImageData(new Uint8ClampedArray(drawn.data), width, height), 0, 0);
}
