import { blend, type Rgb } from './color.ts';
import { clamp, cosineOfTurns, sineOfTurns } from './portable-math.ts';
import type { FigureSpec, SurfaceTexture } from './scene-spec.ts';
import type { Shape, Tone } from './shape.ts';
import { valueNoise } from './value-noise.ts';

/** Light falls from the upper left, whichever way a figure is turned. */
const lightX = -0.53;
const lightY = -0.848;
/** Width of the rounded edge, in units of the shape. */
const bevel = 0.3;
const step = 0.01;

/** Where a figure lies, in pixels. */
export interface Placement {
  readonly centerX: number;
  readonly centerY: number;
  /** Pixels per unit of the shape. */
  readonly scale: number;
}

export function placement(figure: FigureSpec, shape: Shape, size: number): Placement {
  return {
    centerX: figure.x * size,
    centerY: figure.y * size,
    scale: Math.sqrt((figure.area * size * size) / shape.unitArea),
  };
}

/**
 * Paints one shaded figure on `canvas`, [height, width, 3], and returns its exact mask, [height, width]: 1 where more than half
 * of the pixel is covered. Edges are antialiased from the distance alone, so no pixel is sampled twice.
 */
export function paintFigure(
  canvas: Float64Array,
  size: number,
  figure: FigureSpec,
  shape: Shape,
  backdrop: Rgb,
): Uint8Array {
  const mask = new Uint8Array(size * size);
  const { centerX, centerY, scale } = placement(figure, shape, size);
  const cos = cosineOfTurns(figure.rotation);
  const sin = sineOfTurns(figure.rotation);
  const flip = figure.mirrored ? -1 : 1;
  const colors = tones(figure, backdrop);
  const texture = textures[figure.texture];
  const outline = Math.max(0.9, 0.05 * scale);
  const reach = scale * 1.1 + 1;
  const lastRow = Math.min(size - 1, Math.ceil(centerY + reach));
  const lastColumn = Math.min(size - 1, Math.ceil(centerX + reach));
  for (let row = Math.max(0, Math.floor(centerY - reach)); row <= lastRow; row++) {
    for (let column = Math.max(0, Math.floor(centerX - reach)); column <= lastColumn; column++) {
      const px = (column + 0.5 - centerX) / scale;
      const py = (row + 0.5 - centerY) / scale;
      const x = (px * cos + py * sin) * flip;
      const y = py * cos - px * sin;
      let alpha = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let silhouette = Number.POSITIVE_INFINITY;
      for (const part of shape.parts) {
        const d = part.distance(x, y);
        if (d < silhouette) silhouette = d;
        const cover = clamp(0.5 - d * scale, 0, 1);
        if (cover === 0) continue;
        // The outward normal in the shape's frame, then in the picture's.
        const slopeX = ((part.distance(x + step, y) - d) / step) * flip;
        const slopeY = (part.distance(x, y + step) - d) / step;
        const facing = (slopeX * cos - slopeY * sin) * lightX + (slopeX * sin + slopeY * cos) * lightY;
        const edge = 1 - clamp(-d / bevel, 0, 1);
        const rim = 1 - 0.3 * clamp(0.5 + d * scale + 0.6 * outline, 0, 1);
        const sheen = 1 + 0.1 * (px * lightX + py * lightY) + 0.24 * edge * facing;
        const light = sheen * rim * texture(x, y);
        const color = colors[part.tone];
        red += (color[0] * light - red) * cover;
        green += (color[1] * light - green) * cover;
        blue += (color[2] * light - blue) * cover;
        alpha += (1 - alpha) * cover;
      }
      if (alpha === 0) continue;
      if (alpha > 0.5) mask[row * size + column] = 1;
      const ink = 1 - 0.55 * clamp(0.5 + silhouette * scale + outline, 0, 1);
      const at = (row * size + column) * 3;
      canvas[at] = canvas[at]! * (1 - alpha) + red * ink;
      canvas[at + 1] = canvas[at + 1]! * (1 - alpha) + green * ink;
      canvas[at + 2] = canvas[at + 2]! * (1 - alpha) + blue * ink;
    }
  }
  return mask;
}

function tones(figure: FigureSpec, backdrop: Rgb): Readonly<Record<Tone, Rgb>> {
  const fade = (color: Rgb): Rgb => blend(backdrop, color, figure.contrast);
  return {
    main: fade(figure.color),
    accent: fade(figure.accent),
    dark: fade(blend(figure.color, [18, 14, 22], 0.72)),
    light: fade(blend(figure.color, [255, 252, 244], 0.78)),
  };
}

/** Brightness over the surface, in the shape's own frame. */
const textures: Readonly<Record<SurfaceTexture, (x: number, y: number) => number>> = {
  plain: () => 1,
  speckled: (x, y) => 1 + 0.3 * (valueNoise(x * 9, y * 9, 11) - 0.5),
  striped: (x, y) => 1 + 0.08 * sineOfTurns((x + y) * 2.6),
  brushed: (x, y) => 1 + 0.26 * (valueNoise(x * 2, y * 14, 29) - 0.5),
};
