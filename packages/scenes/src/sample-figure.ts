import { colorDistance, hsv, type Rgb } from './color.ts';
import type { Circle } from './fit-circle.ts';
import type { Random } from './random.ts';
import { backdropColor } from './sample-background.ts';
import { type BackgroundSpec, type FigureSpec, surfaceTextures } from './scene-spec.ts';
import type { Shape } from './shape.ts';

/** Colours nearer to the backdrop than this are drawn again: a person could not make out the figure. */
export const leastColorDistance = 130;

/** Looks and pose of a figure at a given place; objects and distractors follow the same law. */
export function sampleFigure(
  draw: Random,
  shape: Shape,
  circle: Circle,
  background: BackgroundSpec,
): FigureSpec {
  const color = sampleColor(draw, backdropColor(background));
  return {
    shape: shape.name,
    x: precise(circle.x),
    y: precise(circle.y),
    area: precise(circle.radius * circle.radius * shape.unitArea),
    rotation: precise(draw.between(-0.125, 0.125)),
    mirrored: draw.uniform() < 0.5,
    color,
    accent: hsv(draw.uniform(), draw.between(0.35, 0.9), draw.between(0.6, 1)),
    texture: draw.pick(surfaceTextures),
    contrast: Math.round(draw.between(0.6, 1) * 1000) / 1000,
  };
}

function sampleColor(draw: Random, backdrop: Rgb): Rgb {
  let best: Rgb = [255, 255, 255];
  let distance = -1;
  for (let attempt = 0; attempt < 20 && distance < leastColorDistance; attempt++) {
    const color = hsv(draw.uniform(), draw.between(0.45, 0.95), draw.between(0.55, 1));
    const far = colorDistance(color, backdrop);
    if (far > distance) {
      best = color;
      distance = far;
    }
  }
  return best;
}

function precise(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
