import type { Status } from '@hybridcam/core';
import { copyImage, fillRectangle } from './paint/paint.ts';
import { resizeImage } from './paint/resize-image.ts';
import type { RgbaImage } from './rgba-image.ts';
import { breakLines } from './text/break-lines.ts';
import { drawStrokes } from './text/draw-strokes.ts';
import { unitsPerSize } from './text/glyph-shape.ts';
import { shapeAscii } from './text/shape-ascii.ts';

/** What a picture says when its map says nothing; core's `statusSentences` tell more. */
export const statusLabels: Readonly<Record<Exclude<Status, 'ok'>, string>> = {
  'no-positive-evidence': 'No positive evidence for this class at this layer',
  'disjoint-parents': 'Grad-CAM and LayerCAM have no cell in common',
  constant: 'The map is the same everywhere',
  'zero-gradient': 'The score does not depend on this layer',
  'zero-activations': 'Every activation of this layer is zero',
};

/** Narrower pictures have no room for the text and are enlarged, to the second width at least. */
const readableWidth = 160;
const enlargedWidth = 224;

/**
 * A picture with a line of text at its lower edge that says why there is nothing to see in the map. A picture narrower
 * than 160 pixels is enlarged by a whole factor first, to 224 at least.
 */
export function statusBadge(image: RgbaImage, status: Exclude<Status, 'ok'>): RgbaImage {
  const factor = image.width < readableWidth ? Math.ceil(enlargedWidth / image.width) : 1;
  const picture =
    factor > 1 ? resizeImage(image, image.width * factor, image.height * factor) : copyImage(image);
  const size = Math.min(26, Math.max(12, Math.round(Math.min(picture.width, 2 * picture.height) / 22)));
  const padding = Math.round(size * 0.6);
  const margin = Math.round(size * 0.5);
  const lineHeight = Math.round(size * 1.3);
  const widthOf = (line: string): number => (shapeAscii(line).advance * size) / unitsPerSize;
  const room = picture.width - 2 * (padding + margin);
  const lines = breakLines(statusLabels[status], (line) => widthOf(line) <= room);
  const width = Math.ceil(Math.max(...lines.map(widthOf))) + 2 * padding;
  const height = lines.length * lineHeight + Math.round(padding * 0.9);
  const box = { left: margin, top: Math.max(0, picture.height - height - margin), width, height };
  fillRectangle(picture, box, [18, 20, 24, 222], size * 0.4);
  lines.forEach((line, i) => {
    const baseline = box.top + Math.round(padding * 0.45 + i * lineHeight + size * 0.98);
    const { strokes } = shapeAscii(line);
    drawStrokes(picture, strokes, box.left + padding, baseline, { size, color: [255, 255, 255] });
  });
  return picture;
}
