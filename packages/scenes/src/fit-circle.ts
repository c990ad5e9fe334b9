import type { Random } from './random.ts';
import type { Shape } from './shape.ts';

/** Fractions of the picture's side. */
export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** How much of a figure's radius must lie within the border: the tip of a wing may be cut, not the body. */
const within = 0.94;
const gap = 0.008;
const tries = 24;

/**
 * A free place for a shape that should cover `area` of the picture. Where none is found the figure shrinks step by step, at most to
 * `leastShare` of that area; undefined when even that does not fit.
 */
export function fitCircle(
  draw: Random,
  taken: readonly Circle[],
  shape: Shape,
  area: number,
  leastShare = 0.1,
): Circle | undefined {
  for (let share = 1; share >= leastShare; share *= 0.8) {
    const radius = Math.sqrt((area * share) / shape.unitArea);
    const margin = Math.min(0.5, radius * within);
    for (let attempt = 0; attempt < tries; attempt++) {
      const x = draw.between(margin, 1 - margin);
      const y = draw.between(margin, 1 - margin);
      if (taken.every((other) => isClear(other, x, y, radius))) return { x, y, radius };
    }
  }
  return undefined;
}

function isClear(other: Circle, x: number, y: number, radius: number): boolean {
  const dx = other.x - x;
  const dy = other.y - y;
  const apart = other.radius + radius + gap;
  return dx * dx + dy * dy >= apart * apart;
}
