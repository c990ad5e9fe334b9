import type { RgbaImage } from '../rgba-image.ts';
import { drawStrokes, type TextStyle } from './draw-strokes.ts';
import { unitsPerSize } from './glyph-shape.ts';
import { shapeText } from './shape-text.ts';

/** Width of a line in pixels. */
export function measureText(text: string, size: number): number {
  return (shapeText(text).advance * size) / unitsPerSize;
}

/**
 * Draws a line of text into `image`, its baseline at row `baseline`, starting at column `left`.
 * @returns whether some characters were shown by their code point
 */
export function drawText(
  image: RgbaImage,
  text: string,
  left: number,
  baseline: number,
  style: TextStyle,
): boolean {
  const { strokes, codePoints } = shapeText(text);
  drawStrokes(image, strokes, left, baseline, style);
  return codePoints;
}
